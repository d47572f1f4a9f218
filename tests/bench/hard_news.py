"""News that is hard to tell from the alliance's: it names Japan, or Americans and their bases.

Two kinds. Some name Japan for another reason: travel, sport, cars, the yen, its own politics and
its other neighbours. Some are of the field but of other countries: tariffs on Canada, bases in
Germany, carriers in the Mediterranean, budgets in Congress.
"""

from __future__ import annotations

from random import Random

from tests.bench.world_news import world_news

_WORDS = {
    "place": ("Okinawa", "Kyoto", "Sapporo", "Fukuoka", "Nagano", "Kamakura", "Naha", "Tokyo"),
    "city": ("Boston", "Leeds", "Calgary", "Toledo", "Cardiff", "Perth", "Milwaukee"),
    "maker": ("Toyota", "Honda", "Nissan", "Subaru", "Mazda"),
    "club": ("the Mariners", "the Cubs", "the Padres", "the Yankees", "the Dodgers"),
    "land": ("Canada", "Mexico", "Germany", "Brazil", "Poland", "Vietnam", "Britain", "India"),
    "base": ("Ramstein", "Camp Humphreys", "Rota", "Incirlik", "Diego Garcia", "Fort Drum"),
    "good": ("steel", "lumber", "beef", "solar panels", "wheat", "aluminum", "trucks"),
    "ship": ("a destroyer", "an aircraft carrier", "two frigates", "an amphibious ship"),
    "state": ("Ohio", "Nevada", "Georgia", "Maine", "Wisconsin"),
    "month": ("January", "March", "June", "September", "November"),
}
_OF_JAPAN: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Ten quiet days in {place}", "What to eat in {place} on {n} dollars a day"),
        (
            "The ferry from Naha to the outer islands of Okinawa takes two hours in calm weather.",
            "A rail pass pays for itself once you have gone from Tokyo to {place} and back.",
            "Our guesthouse in {place} had {n} tatami rooms and a garden with a stone lantern.",
            "Visitors from {city} will find the beaches of Okinawa empty before June.",
            "Japan has counted more foreign guests than ever, and hotels charge accordingly.",
            "Book the cable car early, since tickets in {place} sell out by nine.",
            "The best noodles are behind the station, where a bowl costs {n} yen.",
        ),
    ),
    (
        ("{club} sign Japanese pitcher for {n} million", "Rookie from {place} carries {club}"),
        (
            "The right-hander from {place} struck out {n} batters in Japan's league last season.",
            "He becomes the sixth player from Japan on the roster of {club} since the war.",
            "The American club paid a posting fee to the team in {place}, as the rules demand.",
            "Scouts followed the shortstop through Japan and the United States for two years.",
            "His interpreter said that he missed the food of {place} but not the bus rides.",
            "The game in Tokyo opened the season, and drew {n} thousand to the dome.",
            "In {city}, fans queued in the rain for shirts with his name in katakana.",
        ),
    ),
    (
        ("{maker} recalls {n} thousand cars over seat belts", "{maker} to build vans in {city}"),
        (
            "{maker} said that owners in the United States would be told by letter in {month}.",
            "The Japanese company has known of the fault since a test in {place}, it conceded.",
            "Dealers in {city} have parts for {n} cars a week, and no more.",
            "A rival of {maker} had the same trouble with airbags from the same supplier.",
            "The plant near {city} has built sedans for the American market since the eighties.",
            "Shares in {maker} fell {n} yen in Tokyo after the announcement.",
            "Regulators found no injuries, but asked {maker} for more papers.",
        ),
    ),
    (
        ("Yen slides to weakest since {month}", "Nikkei ends lower as chip makers fall"),
        (
            "The yen fell past {n} to the dollar before traders in Tokyo went home.",
            "The Bank of Japan left its rate alone, and said that wages must rise first.",
            "The Nikkei lost {n} points, its worst day since {month}.",
            "Analysts in {city} expect the American central bank to cut before the Japanese one.",
            "Bond yields in Japan rose as insurers sold long paper.",
            "Exporters such as {maker} gain when the yen is weak, and households lose.",
            "Gold and oil were little changed as markets in the United States opened.",
        ),
    ),
    (
        ("Strong quake shakes {place}, no tsunami", "Snow cuts off villages near {place}"),
        (
            "The quake struck {n} kilometres off {place} shortly before dawn, the agency said.",
            "Trains between Tokyo and {place} were halted and ran again by noon.",
            "Japan lies on four plates, and feels a fifth of the strongest quakes on earth.",
            "The prime minister told reporters in Tokyo that {n} homes had no water.",
            "A nuclear plant on the coast was not running and showed no damage.",
            "Schools in {place} stayed shut, and shops handed out blankets.",
            "The governor asked for troops of the Self-Defense Forces to clear the roads.",
        ),
    ),
    (
        ("Upper house in Tokyo passes budget", "Ruling party in Japan loses {place} seat"),
        (
            "The Diet passed the budget after {n} hours, the shortest debate in years.",
            "Opposition parties want the consumption tax on food in Japan cut to nothing.",
            "The Liberal Democratic Party has held the seat in {place} since {month}.",
            "Polls by broadcasters put support for the cabinet at {n} per cent.",
            "Child care, pensions and the price of rice decided the vote in {place}.",
            "The finance minister resigned over the books of his office in {place}.",
            "Voters in Japan may be called to the polls again before the year ends.",
        ),
    ),
    (
        ("Seoul and Tokyo argue over wartime labour", "China bars scallops from Japan again"),
        (
            "South Korea's court ordered a Japanese firm to pay the families {n} million won.",
            "Beijing said that the ban on seafood from Japan would stand until tests were done.",
            "The foreign minister of Japan called the ruling in Seoul regrettable.",
            "Ships of the Chinese coast guard were seen off the islands for {n} days.",
            "A summit of China, Japan and South Korea had been planned for {month}.",
            "Tourists from China stayed away from {place}, and department stores felt it.",
            "Historians from both countries met in {place} behind closed doors.",
        ),
    ),
    (
        ("Anime about a baker tops box office", "Studio in {place} opens its archive"),
        (
            "The film, drawn by hand in {place}, took {n} million dollars in its first week.",
            "In Japan the comic has sold more copies than there are households.",
            "American distributors dubbed it in {city} with a cast of newcomers.",
            "The director grew up near the American base in Yokosuka and loved its jazz bars.",
            "A new console from Nintendo ships with the game in {month}.",
            "Fans from the United States and Japan met at the convention in {city}.",
            "Critics praised the music, played on instruments from {place}.",
        ),
    ),
)
_OF_THE_FIELD: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("U.S. and {land} near deal on {good}", "Tariffs on {good} from {land} take effect"),
        (
            "The trade representative said that duties on {good} from {land} would fall by half.",
            "{land} had threatened tariffs of its own on {n} American products.",
            "Producers of {good} in {state} called the agreement weak and full of holes.",
            "A panel of the World Trade Organization had ruled against Washington in {month}.",
            "Talks between the United States and {land} resume in {city} next week.",
            "Imports of {good} rose {n} per cent last year, the Commerce Department said.",
            "The White House would not say whether other countries would get the same terms.",
        ),
    ),
    (
        ("Army to move {n} soldiers from {base}", "Fuel leak at {base} worries neighbours"),
        (
            "Residents near {base} have complained of noise from jets at night for years.",
            "The Pentagon said that families at {base} would be moved by {month}.",
            "The defense minister of {land} said the alliance with Washington was firm.",
            "Forces of the United States in {land} number {n} thousand.",
            "Environment officers found firefighting foam in {n} wells outside the fence.",
            "The new barracks at {base} will cost more than Congress was told.",
            "A soldier from {base} was charged in a court of {land} after a brawl.",
        ),
    ),
    (
        ("{ship} sails for the Mediterranean", "Navy and {land} begin exercise off Norway"),
        (
            "The Navy sent {ship} to the Mediterranean, where tension has grown since {month}.",
            "Marines from {n} nations landed on a beach in {land} before dawn.",
            "The exercise with NATO allies tests missile defense and the hunt for submarines.",
            "Officials in {land} asked the United States for more Patriot batteries.",
            "A drone was shot down near the strait, the Fifth Fleet said.",
            "The carrier left Norfolk with {n} aircraft on board.",
            "Russia called the exercise a provocation, and closed the air space to its south.",
        ),
    ),
    (
        ("Senate panel backs {n} billion for shipyards", "House splits over aid and the border"),
        (
            "The Armed Services Committee approved the bill by {n} votes to nine.",
            "Senators from {state} had asked for another submarine and got two.",
            "The president has promised to sign the defense bill if it comes without riders.",
            "Aid for Ukraine and Israel was taken out and will be voted on in {month}.",
            "A member of Congress from {state} wants the troops in {land} brought home.",
            "Veterans in {city} wait {n} months for an answer, the auditors found.",
            "Contractors in {state} welcomed the order for radars and engines.",
        ),
    ),
    (
        ("Gas terminal in {state} wins permit", "{land} signs up for American gas"),
        (
            "The terminal will ship liquefied gas to {land} for {n} years.",
            "Utilities in Europe have bought most of the cargoes since {month}.",
            "The Energy Department approved exports over the protest of groups in {state}.",
            "Prices at the hub in {state} rose {n} cents on the news.",
            "A nuclear plant near {city} will run for another {n} years, its owner said.",
            "Makers of batteries in {land} look for lithium that does not come from China.",
            "The minister of energy of {land} flew to Washington for the signing.",
        ),
    ),
    (
        ("Manila lets Americans use {n} more camps", "Korean drills to go on, Seoul says"),
        (
            "The Philippines and the United States will patrol the South China Sea together.",
            "North Korea fired {n} missiles into the sea, the joint chiefs in Seoul said.",
            "Taiwan has ordered {n} launchers, to be delivered by {month}.",
            "Australia will get its first submarine from an American yard, under the pact.",
            "Fishermen said that the Chinese coast guard had used water cannon on them.",
            "The secretary of state called the treaty with Manila ironclad.",
            "Troops at Camp Humphreys drilled with their hosts for {n} days.",
        ),
    ),
)
_IN_PASSING = (
    "Similar rules hold in France, Japan and Brazil, the ministry said.",
    "The machine was built in Japan and came by sea, in {n} crates.",
    "Her sister teaches English in Tokyo and will fly in for the final.",
    "The trial took in {n} patients in Canada, Spain and Japan.",
    "The museum lent the print to {place} for a show that ends in {month}.",
    "The team's next races are in Bahrain and Japan.",
)


def news_of_japan(draw: Random) -> tuple[str, str]:
    """Return a title and a text that name Japan and do not bear on the alliance."""
    return _story(draw, draw.choice(_OF_JAPAN))


def news_of_the_field(draw: Random) -> tuple[str, str]:
    """Return a title and a text on American trade, bases and forces, Japan apart."""
    return _story(draw, draw.choice(_OF_THE_FIELD))


def passing_mention(draw: Random) -> tuple[str, str]:
    """Return news of the world with a sentence that names Japan."""
    title, text = world_news(draw)
    lines = text.split("\n")
    lines.insert(draw.randint(1, len(lines)), _filled(draw.choice(_IN_PASSING), draw))
    return title, "\n".join(lines)


def _story(draw: Random, kind: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[str, str]:
    titles, sentences = kind
    further = world_news(draw)[1].split("\n")[:2]
    chosen = [_filled(sentence, draw) for sentence in draw.sample(sentences, len(sentences))]
    text = "\n".join([" ".join(chosen[:3]), " ".join(chosen[3:5]), further[0], *chosen[5:]])
    return _filled(draw.choice(titles), draw), text


def _filled(pattern: str, draw: Random) -> str:
    words = {name: draw.choice(choices) for name, choices in _WORDS.items()}
    text = pattern.format(n=draw.randint(3, 980), **words)
    return text[0].upper() + text[1:]

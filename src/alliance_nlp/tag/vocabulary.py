"""Capitalised words that begin or end no name: what headlines, calendars and offices use."""

from __future__ import annotations

from functools import cache

from alliance_nlp.tag.geography import place_words
from alliance_nlp.tag.titles import BUSINESS

_CALENDAR = (
    "january february march april june july august september october november december jan feb "
    "mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday "
    "sunday mon tue wed thu fri sat today tomorrow yesterday"
)
_FUNCTION = """
a an the this that these those and or but nor so yet for of in on at by to from with without within
into onto over under above below between among across through during before after since until till
while when where why how who whom whose which what if unless because although though as than then
there here it its he him his she her hers they them their theirs we us our ours you your yours i
me my mine is are was were be been being am has have had having do does did done doing will would
shall should can could may might must not no yes all any both each every few many more most other
some such only own same too very just also about against around per via amid despite toward towards
upon off out up down again once ever never always still even now meanwhile however moreover later
earlier separately additionally finally first second third last next new old late early former ex
acting current incoming outgoing then-president mr mrs ms miss dr prof sir dame lord lady according
asked speaking joining following responding citing despite including regarding concerning like
unlike besides inside outside near beyond plus versus vs photo image video story read file source
courtesy reuters afp ap jiji kyodo nhk bloomberg asahi yomiuri mainichi sankei nikkei
"""
_HEADLINE_VERBS = """
says said say tells told tell calls called call vows vowed urges urged urge meets met meet visits
visited visit warns warned warn signs signed sign holds held hold speaks spoke speak backs backed
discusses discussed discuss attends attended attend arrives arrived arrive departs departed leaves
left leads led welcomes welcomed hosts hosted joins joined announces announced unveils unveiled
seeks sought pledges pledged agrees agreed agree reaffirms reaffirmed affirms confirmed confirms
denies denied rejects rejected criticizes criticized slams slammed hails hailed praises praised
stresses stressed emphasizes emphasized highlights highlighted notes noted adds added thanks
thanked begins began starts started ends ended concludes concluded conducts conducted completes
completed launches launched delivers delivered delivers returns returned enters entered transits
transited sails sailed docks docked anchors anchored deploys deployed makes made takes took gives
gave gets got sees saw wants wanted needs needed plans planned hopes hoped aims aimed faces faced
expresses expressed explains explained asks demands demanded proposes proposed presses pressed
pushes pushed raises raised expects expected eyes eyed lauds lauded weighs weighed considers
considered talks talked travels traveled heads headed sets receives received reviews reviewed
inspects inspected tours toured declares declared defends defended rules ruled wins won loses lost
becomes became remains remained replaces replaced succeeds succeeded assumes assumed resigns
resigned steps stepped strikes struck hits imposes imposed lifts lifted delays delayed reiterates
reiterated convenes convened chairs chaired kicks opens opened closes closed greets greeted lands
embarks embarked participates participated observes observed pays paid presents presented testifies
testified introduces introduced cosponsors reaches reached shares shared continues continued
appeals appealed approves approved orders ordered offers offered accepts accepted blasts blames
blamed cites cited claims claimed condemns condemned congratulates congratulated hopes invites
invited issues issued lays marks marked nominates nominated names named picks picked prepares
promises promised repeats repeated responds responded sends sent shows showed spars suggests
suggested supports supported tapped taps threatens threatened touts touted turns walks writes wrote
"""
_OFFICE = """
defense defence foreign affairs state commerce trade industry economy economic economics security
treasury energy finance land infrastructure transport transportation tourism agriculture forestry
fisheries environment environmental health labor labour welfare education culture sports science
technology digital justice interior homeland navy army air force forces marine marines corps coast
guard naval fleet command bureau division policy planning international national strategic
strategy global political military political-military arms control space cyber cybersecurity
intelligence joint chiefs staff self-defense ground maritime district area region regional
wing brigade regiment squadron battalion expeditionary logistics legal legislative public internal
communications posts revitalization recovery reconstruction territories children budget committee
subcommittee senate house armed services relations appropriations council commission nuclear
deterrence acquisition sustainment research engineering bilateral multilateral export exports
administration agency ministry department office cabinet government parliament diet congress
embassy pentagon general assembly assistant deputy vice chief senior principal associate under
executive presidential ministerial minister secretary ambassador president governor mayor senator
representative director commander commandant chairman chair spokesperson chancellor premier
federal central city town village prefecture prefectural provincial island islands bay port harbor
base camp station operations operation unit group task carrier strike amphibious missile missiles
submarine cooperation development resources natural minerals affairs veterans human rights
democracy nonproliferation disarmament counterterrorism law enforcement homeland customs
immigration nation nations union party liberal democratic democrat democrats republican republicans
conservative communist innovation exercise initiative program project act treaty agreement
university institute center centre school college hospital museum foundation bank company corp
corporation inc ltd co group holdings industries motors heavy electric steel times post news
shimbun press journal week day year month summit conference forum meeting talks dialogue
alliance partnership committee subcommittee ministers secretaries alliance quad aukus g7 g20 apec
nato imf wto iaea usaid nasa noaa fbi cia nsc nsa dod mod mofa meti jsdf sdf jmsdf jgsdf jasdf jcg
installations installation growth prime preparedness readiness modernization dynamics atomics
series supreme court msdf gsdf asdf usfj usfk
indopacom centcom eucom africom northcom stratcom pacom usmc pla plan rok
ldp dpp kmt dpj cdp pcg self admiral adm lieutenant colonel sergeant commodore brigadier ensign
brig vadm radm col capt maj cmdr lt sgt ltgen cpl pfc amb sen rep gov sens reps adms gens
"""

_TITLE_WORDS = """
congressman congresswoman congressmen senators representatives lawmaker lawmakers premier
spokesman spokeswoman governors mayors ambassadors presidents leaders leader legislator
legislators negotiator envoy counselor commissioner administrator superintendent coordinator
undersecretary speaker whip attorney councilman councilwoman councilor assemblyman general colonel
major captain private corporal specialist airman seaman officer petty warrant master
chairwoman chairmen ceo cfo coo professor diplomat adviser advisor alumni counterpart inspector
honorable excellency he's contact mayor's marshal
"""
_BUSINESS_NAMES = frozenset(
    "rand hudson church art daily capital carnegie gold fund bank lab post times partners golf "
    "fellow steel mining baker".split()
)


@cache
def calendar() -> frozenset[str]:
    """Return months and days, in lower case (without May and the bare given names)."""
    return frozenset(_CALENDAR.split()) - {"mar", "jan", "jun", "sun", "sat", "mon", "wed"}


@cache
def verbs() -> frozenset[str]:
    """Return verbs that follow a name in headlines, in lower case."""
    return frozenset(_HEADLINE_VERBS.split())


@cache
def office_words() -> frozenset[str]:
    """Return words of ministries, commands and institutions, in lower case."""
    return frozenset(_OFFICE.split())


@cache
def not_in_names() -> frozenset[str]:
    """Return words, in lower case, that are no part of a person's name."""
    words = {*_FUNCTION.split(), *calendar(), *verbs(), *office_words(), *place_words()}
    words |= {*_TITLE_WORDS.split(), *(BUSINESS - _BUSINESS_NAMES)}
    return frozenset(words - _NAMES_TOO)


# Given names and surnames that stand in the lists above.
_NAMES_TOO = frozenset(
    "april june may august will mark chase jan guard banks price law miller bush case rich young "
    "long king grant dean art jack bill ray joy hope faith grace frank chase drew pat sue rob don "
    "wade reed close land day west walks marks chambers rice green brown white black cotton lake "
    "field fields ford rush moon han hit taps hall bay lay case chance ma david hill "
    "marshall".split()
)

"""Titles: the words that make the name beside them an official, or show that it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from alliance_nlp.tag.trie import Trie


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a title.

    Attributes
    ----------
    phrase
        The words without dots and hyphens, in lower case.
    force
        ``rank`` counts when capitalised; ``sure`` counts always; ``weak`` needs a sign of
        government around it; ``country`` is weak but content with a country; ``none`` shows that
        the person is no official.
    many
        Whether several names may follow (``Secretaries``).
    """

    phrase: str
    force: str
    many: bool


_RANKS = """
admiral; adm; vice admiral; vice adm; vadm; rear admiral; rear adm; radm; rear admiral lower half;
fleet admiral; general; gen; lieutenant general; lt gen; ltgen; major general; maj gen; majgen;
brigadier general; brig gen; brigadier; brig; brig general; colonel; col; lieutenant colonel;
lt col; ltcol; lt colonel; major; maj; captain; capt; capt 1st rank; commander; cmdr; cdr;
lieutenant commander; lt cmdr; lt commander; lcdr; lieutenant; lt; lt jg; ltjg; lieutenant j g;
lt j g; first lieutenant; second lieutenant; 1st lt; 2nd lt; ensign; commodore; sergeant; sgt;
sergeant major; sgt maj; sgt major; master sergeant; master sgt; staff sergeant; staff sgt;
technical sergeant; tech sgt; gunnery sergeant; gunnery sgt; sergeant first class; sgt 1st class;
first sergeant; 1st sgt; command sergeant major; command sgt maj; command sgt major;
chief master sergeant; chief master sgt; senior master sgt; senior airman; airman 1st class;
airman first class; airman; corporal; cpl; lance corporal; lance cpl; private; pfc;
private first class; pvt; spc; petty officer; petty officer 1st class; petty officer 2nd class;
petty officer 3rd class; petty officer first class; petty officer second class;
petty officer third class; chief petty officer; senior chief petty officer;
master chief petty officer; senior chief; master chief; command master chief; fleet master chief;
force master chief; chief warrant officer; warrant officer; specialist 1st class;
specialist 2nd class; specialist 3rd class; specialist seaman; air marshal; air chief marshal;
air vice marshal; air commodore; wing commander; group captain; squadron leader;
flight lieutenant; field marshal; marshal; lieutenant general retired; seaman; midshipman;
general of the army; captain first rank; maj general; lt general; rear adm lower half
"""
_SURE = """
minister; vice minister; deputy minister; prime minister; premier; undersecretary; under secretary;
assistant secretary; deputy secretary; secretary of state; secretary of defense; secretary of war;
secretary of the navy; secretary of the army; secretary of the air force; chancellor; ambassador;
amb; governor; gov; lieutenant governor; lt gov; mayor; deputy mayor; vice mayor; senator; sen;
rep; congressman; congresswoman; lawmaker; trade representative; ustr; commandant; consul general;
attorney general; solicitor general; surgeon general; inspector general; chief of staff;
chief of naval operations; chief cabinet secretary; press secretary; speaker; majority leader;
minority leader; majority whip; minority whip; vice premier; diet member; assemblyman;
assemblywoman; assembly member; councilman; councilwoman; councilor; councillor; state councilor;
state minister; charge d'affaires; deputy chief of mission; national security adviser;
national security advisor; secretary general; deputy secretary general; commanding officer;
commanding general; executive officer of the ship; military attache; defense attache; legislator;
parliamentarian; member of parliament; member of congress; house speaker; lord mayor; taoiseach;
deputy commander; vice commander; police chief; chief executive of hong kong; vice governor;
deputy governor; high commissioner; special envoy; presidential envoy; permanent representative;
ranking member; deputy assistant secretary; principal deputy assistant secretary; parliamentary
vice minister;
administrative vice minister; counterpart; commander in chief; supreme leader; party secretary;
first minister; chief minister; interior minister; crown prince; air force chief; army chief;
navy chief
"""
_COUNTRY = """
president; vice president; leader; envoy; spokesperson; spokesman; spokeswoman; chief; negotiator;
official; secretary; diplomat; representative; commander; officer; general; admiral; deputy;
aide; premier designate; republican; democrat; troops commander; adviser; advisor; delegate;
consul; minister counselor;
"""
_WEAK = """
director; director general; deputy director; deputy director general; head; deputy head; chairman;
chairwoman; chairperson; chair; vice chairman; vice chair; vice chairwoman;
commissioner; administrator; deputy administrator; superintendent; coordinator; counselor;
counsellor; czar; manager; engineer in chief; member; whip; assistant; attache; captain;
secretariat chief; bureau chief; chief executive; executive secretary; general secretary;
deputy chief; vice chief; parliamentary leader; executive officer; sergeant at arms; planner;
strategist; comptroller; auditor; prosecutor; inspector; deputy spokesperson; deputy spokesman;
deputy spokeswoman; deputy leader; deputy chairman; pilot; skipper
"""
_NONE = """
ceo; coo; cfo; cto; chief executive officer; chief financial officer; chief operating officer;
chief technology officer; chief strategy officer; chief economist; executive; executive director;
chairman and ceo; president and ceo; founder; co founder; cofounder; professor; prof;
associate professor; assistant professor; professor emeritus; researcher; research fellow;
senior fellow; nonresident fellow; fellow; analyst; economist; expert; scholar; scientist;
historian; journalist; reporter; correspondent; columnist; author; editor; novelist; coach; player;
pitcher; catcher; outfielder; striker; golfer; wrestler; champion; medalist; athlete; actor;
actress; singer; film director; filmmaker; conductor; composer; artist; lawyer; activist;
entrepreneur; investor; billionaire; businessman; businesswoman; banker; fund manager; student;
resident; fisherman; candidate; nominee; hopeful; contender; challenger; lecturer; consultant;
strategist at; spokesperson for the company; vice president of sales; priest; bishop; pastor;
principal analyst; policy analyst; defense analyst; managing director; general manager; farmer;
owner; astronaut; emperor; empress; princess; widow; photographer; producer; musician; lobbyist;
campaigner; survivor; protester; physicist; chemist; engineer; critic; commentator; dean;
chancellor of the university; provost; brand ambassador; goodwill ambassador; tourism ambassador;
peace ambassador; football manager; team captain; club president; union president; veteran
"""
_MANY = {
    "secretaries": "sure",
    "ministers": "sure",
    "foreign ministers": "sure",
    "defense ministers": "sure",
    "prime ministers": "sure",
    "senators": "sure",
    "sens": "sure",
    "reps": "sure",
    "representatives": "weak",
    "congressmen": "sure",
    "presidents": "country",
    "leaders": "country",
    "governors": "sure",
    "mayors": "sure",
    "ambassadors": "sure",
    "lawmakers": "sure",
    "admirals": "rank",
    "adms": "rank",
    "vice admirals": "rank",
    "generals": "rank",
    "gens": "rank",
    "cols": "rank",
    "commanders": "country",
    "counterparts": "sure",
    "chairs": "weak",
    "spokespersons": "country",
    **dict.fromkeys(
        "analysts experts researchers fellows economists professors scholars candidates scientists "
        "journalists players singers actors executives ceos founders lawyers activists authors "
        "historians nominees lobbyists engineers astronauts coaches artists investors".split(),
        "none",
    ),
    "officials": "country",
    "envoys": "country",
}
FORMER = frozenset(
    "former ex retired late then ousted incoming disgraced onetime erstwhile deposed previous "
    "past".split()
)
NOT_YET = frozenset("elect designate nominee candidate hopeful contender aspirant".split())
# Said of a person who holds no office now, wherever they stand in an apposition.
NOT_NOW = frozenset("nominee candidate pick contender hopeful".split())

GOVERNMENT = frozenset(
    "defense defence foreign ministry department agency bureau navy naval army force forces marine "
    "marines corps guard fleet command military cabinet government parliament parliamentary diet "
    "congress congressional senate house prefecture prefectural provincial pentagon treasury "
    "commerce trade tariff chiefs self-defense sdf jsdf jmsdf jgsdf jasdf msdf gsdf asdf jcg usfj "
    "usfk indopacom fbi cia nsc nsa darpa nato eu un wto iaea imf unhcr who ustr usaid nasa noaa "
    "embassy consulate kantei ldp komeito cdp dpp kmt party democratic republican homeland "
    "intelligence brigade squadron regiment battalion platoon missile ministers secretaries "
    "interior "
    "finance industry infrastructure transport agriculture meti mofa mod moj fema doe dod dhs ofac "
    "customs police municipal assembly ministerial state national-security white-house pla plan "
    "flotilla destroyer carrier warship cutter infantry artillery garrison base presidential "
    "fed boj federal legislative lower upper ruling opposition prime administration top coast "
    "security "
    "amphibious expeditionary division wing group joint cyber".split()
)
BUSINESS = frozenset(
    "company companies corp corporation inc ltd co group holdings motor motors electric "
    "electronics "
    "university college institute institution think tank thinktank foundation association "
    "federation union club league team studio museum hospital school church magazine newspaper "
    "consulting society chamber laboratory lab airlines airline airways firm startup ngo nonprofit "
    "industries industrial business fund brand goodwill honorary center centre program bank "
    "capital "
    "partners ventures technologies systems materials mining steel shipbuilding chemical "
    "pharmaceuticals rand csis brookings hudson carnegie keidanren maker automaker chipmaker "
    "carmaker utility operator refiner producer retailer giant developer conglomerate dynamics "
    "aerospace engineering shipyard investor fellow emeritus studies professor film movie "
    "orchestra "
    "band tourism art olympic baseball football soccer rugby sumo golf fc ceo campaign charity "
    "outlet newspaper times daily post trading house-builder cooperative cooperatives".split()
)
# "group", "wing", "division" and "house" are military or political only in such company.
MILITARY = frozenset(
    "navy naval army force forces marine marines corps fleet guard command military brigade "
    "squadron regiment battalion strike carrier expeditionary amphibious infantry artillery air "
    "airlift fighter missile destroyer submarine logistics".split()
)
PRIVATE_ACTS = re.compile(r"president of (?:the )?(?:company|club|union)")


def _phrases(block: str) -> list[str]:
    return [p for p in (" ".join(part.split()) for part in block.split(";")) if p]


@cache
def heads() -> Trie[Head]:
    """Return the title heads, keyed by their words without dots and hyphens."""
    trie: Trie[Head] = Trie()
    seen: set[str] = set()
    tables = (("none", _NONE), ("sure", _SURE), ("rank", _RANKS), ("weak", _WEAK))
    for force, block in (*tables, ("country", _COUNTRY)):
        for phrase in _phrases(block):
            if phrase not in seen:
                seen.add(phrase)
                trie.add(phrase.split(), Head(phrase, force, many=False))
    for phrase, force in _MANY.items():
        trie.add(phrase.split(), Head(phrase, force, many=True))
    return trie


@cache
def first_words() -> frozenset[str]:
    """Return the words with which a title head may begin."""
    blocks = (_NONE, _SURE, _RANKS, _WEAK, _COUNTRY)
    return frozenset(p.split()[0] for block in blocks for p in _phrases(block)) | {
        phrase.split()[0] for phrase in _MANY
    }

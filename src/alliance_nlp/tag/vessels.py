"""What ships are called: prefixes, hull codes and types."""

from __future__ import annotations

PREFIXES = frozenset(
    "USS USNS USCGC USAV USAT JS JDS JCG JCGS JGS HMAS HMNZS HMCS HMS HMT ROKS ROKN BRP KD KRI RSS "
    "FS FNS INS ITS FGS HNLMS HDMS HNoMS HSwMS ESPS SPS HTMS CNS PNS TCG RFS RFA MT MV MS SS RV FV "
    "MTS CCG CCGS ROCS ICGS SLNS BNS UMS VPN KDB NUSHIP BAP ARC ARA ARM BAE HMPNGS RFNS VOEA NRP "
    "ADV MSV LNGC TS MSC PCG MRRV CGC RSIPV PSS USAV USAT KCG FSS MVS HMTSS RFMF HMSAS SAS TNI LE "
    "ORP BNS PNS BRN HDMS TCGC CMS LPG SMV VLCC".split()
)
# Prefixes that are common abbreviations too: a known ship, a hull or a quote must follow.
WEAK_PREFIXES = frozenset("MS SS TS ARC ARM MSC INS VPN ADV BAE PCG ROKN CGC MT RSS SPS".split())
# Navies that commission what stands ashore too.
SHORE = frozenset({"HMAS", "HMNZS", "HMPNGS", "HMS", "INS", "HMCS"})
SLASHED = frozenset(
    {("M", "V"), ("M", "T"), ("R", "V"), ("F", "V"), ("M", "S"), ("S", "S"), ("M", "L")}
)
HULL_CODES = frozenset(
    "DDG DD DDH DE DEG FFG FF FFM FFH FFX CVN CV CVL CG CGN SSN SSBN SSGN SS SSK LHA LHD LPD LSD "
    "LST LCC LCS LSV MCM MSC MSO MST MHC AOE AOR AS AE AGB ASE ASR ATS TV TSS WMSL WMEC WHEC WPC "
    "WLB WAGB WMSM WPB PLH PL PS PM PC PG OPV ESB ESD EPF AO AKE AH AGOS AGM ARS ATF KV LKA LPH "
    "PFM PCG PKG MLS ATH ARL AOG T WTGB WLM PLHA FFL DDGHM DDK L P F A D R M".split()
)
_TYPES = """
destroyer; guided missile destroyer; missile destroyer; aegis destroyer; helicopter destroyer;
escort destroyer; destroyer escort; cruiser; guided missile cruiser; frigate; corvette;
guided missile frigate; multi mission frigate; aircraft carrier; supercarrier; helicopter carrier;
light aircraft carrier; carrier; flattop; submarine; attack submarine; nuclear submarine;
ballistic missile submarine; guided missile submarine; diesel electric submarine; cutter;
national security cutter; fast response cutter; medium endurance cutter; patrol vessel;
patrol ship; patrol boat; patrol craft; coast guard ship; coast guard vessel; tanker; oil tanker;
chemical tanker; product tanker; supertanker; lng tanker; lng carrier; gas carrier; freighter;
cargo ship; cargo vessel; container ship; containership; bulk carrier; bulker; car carrier;
vehicle carrier; ferry; cruise ship; cruise liner; liner; research vessel; research ship;
survey ship; survey vessel; icebreaker; minesweeper; minehunter; minelayer;
mine countermeasures ship; amphibious assault ship; assault ship; amphibious transport dock;
amphibious ship; amphibious command ship; amphibious dock ship; dock landing ship; landing ship;
tank landing ship; landing dock; landing helicopter dock; littoral combat ship; oiler;
fleet oiler; replenishment oiler; replenishment ship; supply ship; supply vessel; hospital ship;
training ship; training vessel; command ship; flagship; vessel; ship; boat; trawler; fishing boat;
fishing vessel; tug; tugboat; yacht; expeditionary sea base; sea base; submarine tender; tender;
salvage ship; rescue ship; intelligence ship; spy ship; surveillance ship; reconnaissance ship;
warship; battleship; transport ship; escort ship; escort; expeditionary fast transport;
fast transport; drilling ship; drillship; drilling vessel; dredger; cable ship; barge;
whaling ship; factory ship; mother ship; steamship; sailing ship; museum ship; support ship;
buoy tender; offshore patrol vessel; ocean surveillance ship; dry cargo ship; logistics ship;
multirole frigate; stealth frigate; stealth destroyer; missile boat; hydrofoil; lifeboat; sub;
merchant ship; merchant vessel; ore carrier; crude carrier; dive ship; tracking ship; schooner;
"""
TYPES = frozenset(tuple(p.split()) for p in (" ".join(t.split()) for t in _TYPES.split(";")) if p)
# Of these alone one cannot tell that a capitalised word after them is a ship.
VAGUE = frozenset({"carrier", "escort", "tender", "sub", "liner", "boat", "ship", "barge"})
# Last words of ship types, with their plurals.
TYPE_WORDS = frozenset(t[-1] for t in TYPES)
PLURALS = {
    **{word + "s": word for word in TYPE_WORDS},
    "ferries": "ferry",
}
CUES = frozenset(
    "navy naval sailors sailor crew aboard deployed homeport homeported port transit transited "
    "strait fleet patrol sea seas pier drydock underway commissioned hull deck maritime jmsdf msdf "
    "strike".split()
)
# Last words of the names of ships that are waters and lands first.
WATERS = frozenset(
    "sea bay strait straits island islands gulf ocean river harbor harbour cape point canal lake "
    "pacific atlantic peninsula coast ridge mountain".split()
)
LETTERS = frozenset({"M", "R", "F", "S", "U.S.S.", "U.S.N.S."})
SHIP_MARKS = frozenset(
    {prefix.lower() for prefix in PREFIXES | LETTERS}
    | TYPE_WORDS
    | set(PLURALS)
    | {"(", ",", "s", "maru"}
)
# Words beside which exercises are named, or that name them.
EXERCISE_WORDS = frozenset(
    "exercise exercises drill drills wargame wargames maneuver maneuvers manoeuvres manoeuvre "
    "games ex".split()
)
NAMING_WORDS = frozenset("dubbed called named codenamed titled styled".split())
EDITIONS = frozenset(
    [str(year) for year in (*range(12, 36), *range(2012, 2036))]
    + [f"{year}.{number}" for year in range(12, 36) for number in range(1, 10)]
)
EXERCISE_MARKS = EXERCISE_WORDS | NAMING_WORDS | EDITIONS | {"as"}

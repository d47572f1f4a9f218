"""Countries, their adjectives, and places: what tells a title's country and what is no name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

# code: names and adjectives, "_" for a space
_COUNTRIES = """
US US U.S. USA U.S.A. United_States America American Americans Washington
JP Japan Japanese Tokyo Nippon
KR South_Korea South_Korean South_Koreans Korea Korean ROK R.O.K. Republic_of_Korea Seoul
KP North_Korea North_Korean North_Koreans DPRK Pyongyang
CN China Chinese PRC Beijing
TW Taiwan Taiwanese Taipei
AU Australia Australian Australians Canberra
PH Philippines Philippine Filipino Filipinos Manila
RU Russia Russian Russians Moscow Kremlin
UA Ukraine Ukrainian Ukrainians Kyiv Kiev
IN India Indian Indians New_Delhi
GB UK U.K. Britain British United_Kingdom England English London
FR France French Paris
DE Germany German Germans Berlin
IT Italy Italian Italians Rome
CA Canada Canadian Canadians Ottawa
NZ New_Zealand New_Zealander Wellington
VN Vietnam Vietnamese Viet_Nam Hanoi
ID Indonesia Indonesian Indonesians Jakarta
MY Malaysia Malaysian Malaysians Kuala_Lumpur
SG Singapore Singaporean Singaporeans
TH Thailand Thai Thais Bangkok
KH Cambodia Cambodian Phnom_Penh
LA Laos Lao Laotian Vientiane
MM Myanmar Burma Burmese Naypyidaw
BN Brunei Bruneian
TL East_Timor Timor-Leste Timorese
BD Bangladesh Bangladeshi Dhaka
LK Sri_Lanka Sri_Lankan Colombo
NP Nepal Nepali Nepalese
PK Pakistan Pakistani Pakistanis Islamabad
AF Afghanistan Afghan Afghans Kabul
MN Mongolia Mongolian Mongolians Ulaanbaatar
KZ Kazakhstan Kazakh Kazakhs Astana
UZ Uzbekistan Uzbek Tashkent
KG Kyrgyzstan Kyrgyz Bishkek
TJ Tajikistan Tajik
TM Turkmenistan Turkmen
IR Iran Iranian Iranians Tehran
IQ Iraq Iraqi Iraqis Baghdad
IL Israel Israeli Israelis Jerusalem
SA Saudi_Arabia Saudi Saudis Riyadh
AE UAE United_Arab_Emirates Emirati Abu_Dhabi
QA Qatar Qatari Doha
KW Kuwait Kuwaiti
OM Oman Omani
JO Jordan Jordanian
LB Lebanon Lebanese
SY Syria Syrian Damascus
YE Yemen Yemeni
EG Egypt Egyptian Cairo
TR Turkey Turkish Türkiye Turkiye Ankara
GR Greece Greek Athens
PL Poland Polish Warsaw
CZ Czech Czech_Republic Czechia Prague
SK Slovakia Slovak Bratislava
HU Hungary Hungarian Budapest
RO Romania Romanian Bucharest
BG Bulgaria Bulgarian Sofia
RS Serbia Serbian Belgrade
HR Croatia Croatian Zagreb
SI Slovenia Slovenian
MD Moldova Moldovan
BY Belarus Belarusian Minsk
GE Georgian Tbilisi
AM Armenia Armenian Yerevan
AZ Azerbaijan Azerbaijani Baku
EE Estonia Estonian Tallinn
LV Latvia Latvian Riga
LT Lithuania Lithuanian Vilnius
FI Finland Finnish Helsinki
SE Sweden Swedish Stockholm
NO Norway Norwegian Oslo
DK Denmark Danish Copenhagen
IS Iceland Icelandic Reykjavik
NL Netherlands Dutch The_Hague
BE Belgium Belgian Brussels
LU Luxembourg
CH Switzerland Swiss Bern Geneva
AT Austria Austrian Vienna
ES Spain Spanish Madrid
PT Portugal Portuguese Lisbon
IE Ireland Irish Dublin
VA Vatican Holy_See
MX Mexico Mexican Mexicans
BR Brazil Brazilian Brazilians Brasilia
AR Argentina Argentine Argentinian Buenos_Aires
CL Chile Chilean Santiago
PE Peru Peruvian Lima
CO Colombia Colombian Bogota
VE Venezuela Venezuelan Caracas
CU Cuba Cuban Havana
PA Panama Panamanian
EC Ecuador Ecuadorian
BO Bolivia Bolivian
PY Paraguay Paraguayan
UY Uruguay Uruguayan
ZA South_Africa South_African Pretoria
NG Nigeria Nigerian Abuja
KE Kenya Kenyan Nairobi
ET Ethiopia Ethiopian
GH Ghana Ghanaian
DJ Djibouti Djiboutian
CD Congo Congolese
RW Rwanda Rwandan
TZ Tanzania Tanzanian
UG Uganda Ugandan
ZM Zambia Zambian
ZW Zimbabwe Zimbabwean
NA Namibia Namibian
MG Madagascar Malagasy
MA Morocco Moroccan
DZ Algeria Algerian
TN Tunisia Tunisian
LY Libya Libyan
SN Senegal Senegalese
CI Ivory_Coast Ivorian
FJ Fiji Fijian Suva
PG Papua_New_Guinea Papua_New_Guinean Port_Moresby
PW Palau Palauan
FM Micronesia Micronesian
MH Marshall_Islands Marshallese
SB Solomon_Islands Solomon Honiara
VU Vanuatu Ni-Vanuatu
TO Tonga Tongan
WS Samoa Samoan
KI Kiribati
TV Tuvalu Tuvaluan
NR Nauru Nauruan
MV Maldives Maldivian
BT Bhutan Bhutanese
MT Malta Maltese
CY Cyprus Cypriot
EU EU E.U. European_Union European_Commission European_Council European Europe Europeans
NATO NATO
UN UN U.N. United_Nations
IAEA IAEA
ASEAN ASEAN
"""

_STATES = """
Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Hawaii
Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan
Minnesota Mississippi Missouri Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico New_York
North_Carolina North_Dakota Ohio Oklahoma Oregon Pennsylvania Rhode_Island South_Carolina
South_Dakota Tennessee Texas Utah Vermont Virginia West_Virginia Wisconsin Wyoming Puerto_Rico Guam
"""
STATE_CODES = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR GU AS MP VI "
    "Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb "
    "Nev Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo".split()
)
_PLACES = """
Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba Kanagawa
Niigata Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga Kyoto Osaka Hyogo Nara
Wakayama Tottori Shimane Okayama Hiroshima Yamaguchi Tokushima Kagawa Ehime Kochi Fukuoka Saga
Nagasaki Kumamoto Oita Miyazaki Kagoshima Okinawa Naha Nago Ginowan Uruma Urasoe Itoman Yokosuka
Sasebo Kure Maizuru Iwakuni Misawa Yokota Atsugi Zama Futenma Henoko Kadena Chatan Yomitan Kin
Onna Ishigaki Miyako Miyakojima Yonaguni Amami Senkaku Sapporo Sendai Nagoya Kobe Yokohama
Kawasaki Sagamihara Fussa Yamato Ayase Nishinoomote Mageshima Kyushu Shikoku Honshu Ryukyu
Hawaii Honolulu Guam Saipan Tinian Pearl_Harbor San_Diego San_Francisco Los_Angeles Seattle Boston
Chicago Houston Dallas Detroit Philadelphia Baltimore Norfolk Bremerton Everett Anchorage
Pittsburgh Atlanta Miami Las_Vegas New_Orleans Silicon_Valley Wall_Street
Shanghai Hong_Kong Macau Guangzhou Shenzhen Xinjiang Tibet Busan Incheon Jeju Pyeongtaek Gwangju
Kaohsiung Kinmen Matsu Darwin Perth Sydney Brisbane Melbourne Cairns Townsville Cebu Luzon Palawan
Subic Subic_Bay Batanes Cagayan Mindanao Mumbai Vladivostok Sakhalin Okhotsk Crimea Donbas Gaza
Hormuz Davos Munich Shangri-La Asia Asian Europe European Africa African Pacific Indo-Pacific
Atlantic Arctic Antarctic Oceania Oceanian Mediterranean Caribbean Eurasia Eurasian Western
Eastern Northern Southern Northeast Southeast Southwest Northwest East West North South Central
Middle_East South_China_Sea East_China_Sea Philippine_Sea Sea_of_Japan Taiwan_Strait Malacca
Red_Sea Black_Sea Yellow_Sea Indian_Ocean Pacific_Ocean Camp_David Capitol Capitol_Hill
"""


def _names(block: str) -> list[str]:
    return [name.replace("_", " ") for name in block.split()]


@cache
def country_codes() -> Mapping[str, str]:
    """Return ISO 3166 codes (and EU, NATO, UN) by country name, adjective or seat, lower case."""
    codes: dict[str, str] = {}
    for line in _COUNTRIES.strip().splitlines():
        code, *names = line.split()
        for name in _names(" ".join(names)):
            codes[name.lower()] = code
    for state in _names(_STATES):
        codes[state.lower()] = "US"
    for place in _PLACES.split("Hawaii", 1)[0].split():
        codes[place.lower()] = "JP"
    return MappingProxyType(codes)


@cache
def place_words() -> frozenset[str]:
    """Return the single words of countries, adjectives, states and places, lower case."""
    found: set[str] = set()
    lines = [line.split(maxsplit=1)[1] for line in _COUNTRIES.strip().splitlines()]
    for name in _names(" ".join([*lines, _STATES, _PLACES])):
        words = name.lower().split()
        found.update(words if len(words) > 1 else {*words, *words[0].split("-")})
    return frozenset(found - _ALSO_NAMES)


# Given names or surnames that stand in the lists above.
_ALSO_NAMES = frozenset(
    "georgia virginia carolina jordan chad paris santiago sydney la leste west kin of the lima "
    "diego francisco solomon north sofia viet nam lao congo victoria dallas darwin austin houston "
    "norfolk new san st cook delhi abu bern saga miyagi ishikawa yamagata akita ayase nara nagano "
    "fukui toyama nagasaki wellington".split()
)


@cache
def countries() -> frozenset[str]:
    """Return single words for countries, their people and capitals, lower case."""
    lines = _COUNTRIES.strip().splitlines()
    names = [name.lower() for line in lines for name in _names(line.split(maxsplit=1)[1])]
    return frozenset(name for name in names if " " not in name)

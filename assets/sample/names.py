"""Word lists for the names of the sample corpus; pools.py combines them.

Every list was written for this project. Words that belong to one name are joined by `_`.
A few names stand in several lists on purpose (Washington, Chelsea, Ford, Victoria ...): which
one is meant is for the sentence to say.
"""

# Given names (men; women) and surnames by rough origin, so that most people sound like somebody.
PEOPLE = {
    "english": (
        "Alan Brian Colin Derek Edwin Frank Gareth Howard Ian Julian Keith Leonard Martin Neil Owen"
        " Philip Roger Simon Trevor Austin Chad Jordan Lincoln Houston Dallas Kent Clay Grant Rob",
        "Alice Beth Carol Diana Eleanor Fiona Grace Helen Judith Karen Laura Megan Nora Olivia Rose"
        " Sarah Tessa Chelsea Paris Victoria Florence Madison Georgia Charlotte Phoenix Sydney"
        " Virginia Carolina Lourdes June April May Hope",
        "Ashworth Barlow Carver Dunmore Ellery Fairburn Garside Hartwell Ingram Kirby Langford"
        " Marlow Nettleton Oakes Pemberton Quayle Redfern Stanhope Thackray Underhill Wainwright"
        " Yardley Holloway Brennan O'Keefe O'Hara McAllister MacLeod Fitzwilliam Smith-Crane"
        " Washington Jordan Lincoln Houston Ford Morris Austin Madison London York Bristol Kent"
        " Lancaster Hamilton Wells Brown Rice Bush Green Bell Stone Frost Cork March Bishop King"
        " Baker Fox Banks Marsh Wolfe Chase Cash Hall Church Hill West Power Price Field",
    ),
    "nordic": (
        "Anders Bjørn Erik Gunnar Henrik Jens Lars Magnus Nils Olaf Stefan Torsten",
        "Astrid Birgit Elin Freja Greta Ingrid Karin Linnea Marta Sigrid Solveig Tove",
        "Lindqvist Bergström Dahlgren Ekholm Fossum Grønvold Halvorsen Isaksen Kjeldsen Lundgren"
        " Mikkelsen Nyberg Østby Rasmussen Sandvik Thorsen Vikander Åkesson",
    ),
    "iberian": (
        "Alejandro Bruno Carlos Diego Esteban Fernando Hugo Javier Luís Manuel Pablo Rafael",
        "Ana Beatriz Carmen Dolores Elena Inés Lucía Mariana Paloma Rosario Sofía Ximena",
        "Aguirre Benítez Carvalho Domínguez Echeverría Fuentes Guerrero Herrera Ibarra Jiménez"
        " Lourenço Montoya Núñez Ortega Pacheco Quiroga de_la_Cruz dos_Santos Santiago Córdoba",
    ),
    "french": (
        "André Bernard Claude Denis Étienne François Gérard Henri Jean-Luc Laurent Marcel Olivier",
        "Amélie Brigitte Camille Delphine Élise Geneviève Hélène Jeanne Marie-Claire Noémie Sylvie",
        "Arnaud Beaumont Chevalier Delacourt Fontaine Girard Lefèvre Marchand Noiret Perrault"
        " Rousselle Saint-Clair Thibault Vasseur de_Villiers Lacroix Moreau",
    ),
    "german": (
        "Dieter Emil Franz Georg Heinrich Jürgen Klaus Ludwig Otto Rainer Ulrich Wolfgang",
        "Anneliese Brunhilde Claudia Dagmar Franziska Gisela Heidi Johanna Liesl Renate Ulrike",
        "Ackermann Brandt Dietrich Eberhardt Faber Grünwald Hoffmann Jäger Kessler Lehmann Müller"
        " Neumann Oppermann Reinhardt Schäfer Vogel von_Arnim van_der_Meer Zimmermann Bosch Benz",
    ),
    "slavic": (
        "Andrei Boris Dmitri Igor Jakub Kirill Marek Nikola Oleg Pavel Stanislav Vladimir Zoran",
        "Agnieszka Bożena Dragana Ewa Irina Jelena Katarzyna Ludmila Milena Natalia Olga Svetlana",
        "Antonov Baranowski Chernov Dvořák Fedorenko Gorski Horvat Ivanko Jankowski Kovač"
        " Lewandowicz Markovic Novotný Orlov Petrenko Radić Sokolov Tarasov Voronin Zieliński",
    ),
    "african": (
        "Abebe Chidi Emeka Femi Idrissa Jabari Kofi Kwame Moussa Sipho Tendai Tunde",
        "Abena Amara Chipo Dalila Efua Fatou Imani Makeda Nomvula Thandi Yaa Zola",
        "Okafor Adeyemi Boateng Chukwu Diallo Eze Gebremariam Hamadou Kamau Keita Mbeki-Ross Mensah"
        " N'Dour Nkosi Ouedraogo Sesay Tesfaye Wanjiru Zulu",
    ),
    "arabic": (
        "Ahmed Bilal Faisal Hassan Ibrahim Jamal Karim Mahmoud Nabil Omar Rashid Yusuf",
        "Amina Basma Dina Farah Hanan Jamila Khadija Layla Mona Nadia Rania Salma",
        "al-Amin Barakat Darwish El-Sayed Farouk Ghanem Haddad Jaziri Khalil Mansour Nasser"
        " Qureshi Rahmani Saleh Tawfiq al-Zahra Benali Ben_Youssef",
    ),
    "asian": (
        "Akira Arjun Daichi Hiroshi Jian Kenji Minh Rajesh Sanjay Takeshi Vikram Wei",
        "Aiko Ananya Deepa Haruka Indira Kavita Lan Mei Priya Sakura Ting Yuki",
        "Banerjee Chen Desai Fujimoto Gupta Hayashi Iyer Kobayashi Lim Mehta Nakamura Nguyen"
        " Ogawa Park Rao Sharma Tanaka Uchida Wong Zhao",
    ),
}

# Country; adjective; people; cities, capital first.
COUNTRIES = """
Peru;Peruvian;Peruvians;Lima Arequipa Cusco
France;French;French;Paris Lyon Nice Lille
Spain;Spanish;Spaniards;Madrid Santander Seville Granada
Italy;Italian;Italians;Rome Florence Turin Parma
Germany;German;Germans;Berlin Hamburg Essen Leipzig
Poland;Polish;Poles;Warsaw Krakow Lublin
Sweden;Swedish;Swedes;Stockholm Malmö Uppsala
Norway;Norwegian;Norwegians;Oslo Bergen Tromsø
Ghana;Ghanaian;Ghanaians;Accra Kumasi Tamale
Kenya;Kenyan;Kenyans;Nairobi Mombasa Kisumu
Jordan;Jordanian;Jordanians;Amman Aqaba Zarqa
Chad;Chadian;Chadians;N'Djamena Moundou Sarh
Georgia;Georgian;Georgians;Tbilisi Batumi Kutaisi
Turkey;Turkish;Turks;Ankara Izmir Bursa
China;Chinese;Chinese;Beijing Shanghai Chengdu
India;Indian;Indians;New_Delhi Mumbai Chennai
Japan;Japanese;Japanese;Tokyo Osaka Sapporo
Brazil;Brazilian;Brazilians;Brasília Recife Santos
Mexico;Mexican;Mexicans;Mexico_City Puebla Mérida
Canada;Canadian;Canadians;Ottawa Halifax Victoria
Australia;Australian;Australians;Canberra Perth Sydney
Ireland;Irish;Irish;Dublin Cork Limerick
England;English;English;London Leeds Reading Bath
Scotland;Scottish;Scots;Edinburgh Perth Dundee
Egypt;Egyptian;Egyptians;Cairo Luxor Aswan
Morocco;Moroccan;Moroccans;Rabat Fez Agadir
Ukraine;Ukrainian;Ukrainians;Kyiv Lviv Odesa
Hungary;Hungarian;Hungarians;Budapest Debrecen Szeged
Greece;Greek;Greeks;Athens Patras Corinth
Austria;Austrian;Austrians;Vienna Graz Linz
Belgium;Belgian;Belgians;Brussels Ghent Bruges
Finland;Finnish;Finns;Helsinki Turku Oulu
Denmark;Danish;Danes;Copenhagen Aarhus Odense
Chile;Chilean;Chileans;Santiago Valparaíso Arica
Vietnam;Vietnamese;Vietnamese;Hanoi Hue Da_Nang
South_Korea;South_Korean;South_Koreans;Seoul Busan Daegu
New_Zealand;New_Zealand;New_Zealanders;Wellington Auckland Nelson
South_Africa;South_African;South_Africans;Pretoria Durban Cape_Town
United_States;American;Americans;Washington Houston Phoenix Austin Madison Charlotte Lincoln
Iceland;Icelandic;Icelanders;Reykjavik Akureyri
Latvia;Latvian;Latvians;Riga Liepaja
Uruguay;Uruguayan;Uruguayans;Montevideo Salto
Bolivia;Bolivian;Bolivians;La_Paz Sucre
Senegal;Senegalese;Senegalese;Dakar Thiès
Uganda;Ugandan;Ugandans;Kampala Gulu
Tunisia;Tunisian;Tunisians;Tunis Sfax
Nepal;Nepali;Nepalis;Kathmandu Pokhara
Malaysia;Malaysian;Malaysians;Kuala_Lumpur Penang
Slovenia;Slovenian;Slovenes;Ljubljana Maribor
Bulgaria;Bulgarian;Bulgarians;Sofia Varna
Portugal;Portuguese;Portuguese;Lisbon Porto Braga
Croatia;Croatian;Croats;Zagreb Split Zadar
Estonia;Estonian;Estonians;Tallinn Tartu
Ecuador;Ecuadorean;Ecuadoreans;Quito Cuenca
Paraguay;Paraguayan;Paraguayans;Asunción Encarnación
Cameroon;Cameroonian;Cameroonians;Yaoundé Douala
Namibia;Namibian;Namibians;Windhoek Swakopmund
Lebanon;Lebanese;Lebanese;Beirut Tripoli
Mongolia;Mongolian;Mongolians;Ulan_Bator Darkhan
Thailand;Thai;Thais;Bangkok Phuket
Romania;Romanian;Romanians;Bucharest Cluj
Albania;Albanian;Albanians;Tirana Durrës
Moldova;Moldovan;Moldovans;Chisinau Balti
Zambia;Zambian;Zambians;Lusaka Ndola
"""

TOWN_STARTS = (
    "North South West East Ash Black Brack Cald Dun Elm Fair Glen Har Kel Lang Mar New Oak Pen"
    " Raven Sal Stan Thorn Wex White Win Whit Hazel Mill Red Stone Holm"
)
TOWN_ENDS = "port bridge bury combe dale field ford gate ham haven hurst mere mouth stead ton wick"
# Cities that are also somebody's name or some company's; drawn more often than the others.
SHARED_CITIES = (
    "Washington Lincoln Houston Phoenix Madison Charlotte Austin Paris Florence Victoria Santander"
    " Chelsea Reading Nice Cork Bath Jackson Lancaster York Bristol"
)
PROVINCES = (
    "Kivu Karvia Bessar Tolland Ostrava Navarre Galicia Moravia Saxony Umbria Kashan Oromo Darfield"
    " Transval Salland Corrien Yunara Zemar Bihana Murcia Savoy Tarn Wexmoor Lothia Carpathia"
)
WATERS = (
    "Amazon Kell Danube Orinoco Tisza Volta Mekong Elbe Tagus Limpopo Ebro Lena Garonne Wye Zambezi"
    " Oder Niger Indus Vistula Murray Tyne Loire Arno Nile Ohio Dvina Shannon Rhône"
)
PEAKS = "Arvon Sorrel Kazbek Elgin Torrance Halla Ruwen Mercer Ossa Varda Cassin Ixtal Nemrut Logan"
COMPANY_STEMS = (
    "Arvento Baltica Corvane Delmont Everline Fenwick Graylock Helvora Intrax Juniper Kestrel"
    " Lumeria Meridian Norvik Orbis Palatine Quantis Rivena Solterra Tavistock Umbral Vantage"
    " Westmark Xylon Zephyr Aldgate Brightwater Castlerock Dynacore Emberton Farrow Globex-Lund"
    " Hexagon Ironbridge Jarrow Kronberg Lakemont Monarch Nexoria Oldham Pinnacle Ravenna Sterling"
    " Trident Unimar Veloce Wolverton Zenith Aquilon Boreal Cygnet Dorado Elara Fulmar Granta"
    " Halcyon Ibex Jasper Krypta Lodestar Marathon Nimbus Osprey Polaris Regent Sable Tern Vesper"
)
COMPANY_TYPES = (
    "Airlines Bank Brewery Capital Chemicals Energy Foods Group Holdings Industries Insurance"
    " Mining Motors Oil Pharma Plc Software Steel Systems Telecom Inc. Corp. AG S.A. Ltd Co."
)
# Companies whose names mean something else in another sentence.
SHARED_COMPANIES = (
    "Apple Amazon Ford Philip_Morris Santander Mercury Orange Shell Visa Target Gap Monarch Zenith"
)
CLUB_TYPES = "United City Rovers Athletic Town Wanderers Rangers Albion FC Olympic"
TEAM_NICKNAMES = "Comets Mercury Bears Falcons Pilots Giants Rapids Mariners Hornets Colts Kings"
REAL_CLUBS = "Chelsea Leeds Arsenal Everton Juventus Benfica Ajax Sevilla Fulham Celtic Lazio Porto"
BODY_KINDS = (
    "Federation_of Union_of Association_of Institute_for Council_of Society_of Alliance_of"
    " League_of Academy_of Board_of"
)
BODY_FIELDS = (
    "Dock_Workers River_Pilots Family_Doctors Coastal_Studies Ice_Research Rail_Engineers"
    " Apple_Growers Small_Farmers Human_Rights Marine_Science Press_Freedom Secondary_Teachers"
    " Winter_Sports Amateur_Boxing Savings_Banks Book_Publishers Public_Health Desert_Ecology"
)
BODY_REACH = "National International European Northern General African Pan-American Royal"
# Acronyms that take `the`, and those that do not.
THE_ACRONYMS = "UN EU IMF WHO WTO FAO OSCE IAEA ILO ICAO WFDA NRF PCBC ECTO AMDC UDPR BSCF OTRA"
BARE_ACRONYMS = (
    "UNESCO UNICEF NATO OPEC ASEAN UNHCR MERCOSUR ECOWAS UNEFTA WAMCO ECOBAL NORDREF AFRICOMAR"
    " PANTEL CARISEC MEDWATCH"
)
PARTY_WORDS = (
    "Labour Liberal Conservative Social_Democratic Green Agrarian Republican Democratic Reform"
    " People_'s Unity Progressive Centre National Christian_Democratic Workers_'"
)
PAPER_WORDS = "Gazette Herald Tribune Chronicle Courier Examiner Observer Mercury Post Echo Argus"
HOSPITALS = "General_Hospital Children_'s_Hospital Medical_Centre Royal_Infirmary"
STREETS = "Street Road Avenue Square Bridge Lane"
VENUES = "Park Stadium Arena Road_Ground Oval"
RACES = "Marathon Grand_Prix Classic Games Relays"
TOURNAMENTS = "Open Masters Classic Indoor_Open"
CUPS = (
    "World_Cup Olympic_Games Champions_League Commonwealth_Games Asian_Games"
    " Europa_League Pan-American_Games African_Cup Mediterranean_Games Unity_Cup World_Games"
    " Friendship_Games Continental_Cup Intertoto_Cup University_Games"
)
WORK_FIRST = (
    "Glass Silent Last Broken Winter Paper Burning Second Hidden Salt Distant Crooked Golden Iron"
    " Velvet Lonely Scarlet Borrowed Sleeping Northern Quiet Hollow Wandering"
)
WORK_SECOND = (
    "Harbour Orchard Garden River Letters Kingdom Station Mirror Lighthouse Summer Daughter Bridge"
    " Carnival Sonata Promise Window Passage Fox Road Tide Cathedral Apprentice"
)
PRIZES = "Prize Medal Award Fellowship"
PACTS = "Treaty_of Convention_of Declaration_of Peace_of"
PACT_ENDS = "Accord Protocol Agreement Pact"
PRODUCT_STEMS = (
    "Veloro Kestrel Aurix Tempo Pallas Sonara Orca Lynx Vireo Zelkova Mirage Altair Condor Nova"
    " Cobalt Fenix Gavotte Solara Tundra Corsair Maestro Pixara Quill Rondo"
)
PRODUCT_MARKS = "300 X2 Mini Pro 7 GT Mark_II 500 Max S One"
LANGUAGES = (
    "Swahili Quechua Catalan Basque Welsh Gaelic Urdu Tamil Zulu Hausa Amharic Latin Esperanto"
    " Yiddish Breton Maori Bengali Tagalog Wolof Guaraní"
)
FAITHS = "Catholic Muslim Protestant Buddhist Hindu Jewish Sunni Orthodox Anglican Sikh"
SHIPS = (
    "Ocean_Pearl Northern_Star Sea_Harrier Lady_Florence Victoria Santa_Lucia Blue_Heron"
    " Baltic_Queen Morning_Tide Arctic_Tern Queen_Charlotte Coral_Rose Prince_Olaf"
)

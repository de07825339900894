"""Slovenian sentences. Placeholders are filled by `explain`, which adds the units.

A breaker has cases: `{circuit}` is the nominative, `{circuit:gen}` the genitive, `{circuit:loc}`
the locative. Fields of forms are quoted as the forms show them.
"""

from __future__ import annotations

SENTENCES = {
    # a load and its share
    "maximum": "{now} od {max_a}, {most}{whatever}.",
    "plug_on": "Vklopljeno: {now}{as_long}.",
    "boost_left": "Takoj (boost) še {left_min}, potem {mode}.",
    "battery_gives": "Baterija zdaj daje približno {battery_w}.",
    "circuit_full": "{now} od {max_a}: {circuit} ({limit_a}) je na fazi {phase} poln.{others}",
    "circuit_too_small": "Čaka: potrebuje {min_a}, {circuit} ({limit_a}) pa ima na fazi {phase} "
    "prostih {left_a}.{others} Začne, ko bo dovolj prostora.",
    "import_full": "{now} od {max_a}: omejitev odjema {limit_w} je dosežena.{others}",
    "import_too_small": "Čaka: potrebuje {min_w}, omejitev odjema {limit_w} pa pušča "
    "{left_w}.{others} Začne, ko bo dovolj prostora.",
    "surplus_full": "{now} od {max_a}: toliko je sončnega presežka{on_phase}{with_help}.{others}",
    "surplus_minimum": "{now} od {max_a}, najmanj, kar sme: sončnega presežka{on_phase} ni več"
    "{with_help}. Več dobi, ko bo.",
    "surplus_too_small": "Premalo sonca: {left_a}{of_sun}{on_phase}{with_help}, potrebuje "
    "{min_a}{no_grid}.{others} Začne, ko bo presežka dovolj.",
    "battery_first_minimum": "{now} od {max_a}, najmanj, kar sme: baterija ({soc_pct} od "
    "{target_pct}) ima prednost. Več dobi pri {target_pct}, če bo sonce.",
    "battery_first_too_small": "Čaka: baterija ({soc_pct} od {target_pct}) ima "
    "prednost{no_grid}. Začne pri {target_pct}, če bo sonce.",
    "excess_full": "{now} od {max_a}: toliko bi {exported} nad {threshold_w}.",
    "excess_minimum": "{now} od {max_a}, najmanj, kar sme: nad {threshold_w} ne bi {exported} "
    "nič več. Več dobi, ko bi šlo.",
    "excess_too_small": "Čaka: ne bi {exported} več kot {threshold_w}.{others} Začne, ko bo več.",
    "own_full": "{now} od {max_a}: to je vse, kar dajeta sonce in baterija{on_phase}; iz omrežja "
    "se ne jemlje.",
    "own_too_small": "Čaka: potrebuje {min_a}, sonce in baterija imata še {left_a}{on_phase}; iz "
    "omrežja se ne jemlje. Začne, ko bo dovolj.",
    "inverter_full": "{now} od {max_a}: razsmernik ({rating_w}) ne zmore več{on_phase}.",
    "inverter_minimum": "{now} od {max_a}, najmanj, kar sme: razsmernik ({rating_w}) ne zmore "
    "več{on_phase}. Več dobi, ko bo zmogel.",
    "inverter_too_small": "Čaka: potrebuje {min_a}, razsmernik ({rating_w}) ima še "
    "{left_a}{on_phase}. Začne, ko bo dovolj.",
    "grace": "{now}, premalo sonca: {left_a}{of_sun}{on_phase}, potrebuje {min_a}. Ustavi se "
    "čez {wait_s}.",
    "grace_excess": "{now}, najmanj, kar sme: ne bi {exported} več kot {threshold_w}. Ustavi se "
    "čez {wait_s}.",
    "grace_battery": "{now}, baterija ({soc_pct} od {target_pct}) ima prednost. Ustavi se čez "
    "{wait_s}.",
    "paused_by_you": "Ustavili ste ga še za {left_min}. Potem sme naprej.",
    "pause": "Počiva še {wait_s}: {stopped}.",
    "to_one_phase": "Prehaja na eno fazo, ker je sonca premalo za tri: za trenutek je izklopljeno.",
    "to_three_phases": "Prehaja na tri faze: za trenutek je izklopljeno.",
    "phases_failed": "{name}: {entity} ne zamenja števila faz ali pa se avto za to ni ustavil; "
    "pozneje bo nov poskus.",
    "rests": "Izklopljeno do jutri: odkar je avto tu, se je zaradi premalo sonca ustavilo že "
    "{stops}-krat.",
    "takes_nothing": "{now} od {max_a}: zdaj ne jemlje nič{wants_none}; ostalo je prosto za druge. "
    "Več dobi, takoj ko kaj jemlje.",
    "takes_less": "{now} od {max_a}: ne jemlje več kot {draw_a}, ostalo je prosto za druge. Več "
    "dobi, takoj ko jemlje, kar ima.",
    "circuit_gave_way": "Ne jemlje nič in se umakne drugim: potrebuje {min_a}, {circuit} "
    "({limit_a}) pa ima na fazi {phase} prostih {left_a}.{others} Nadaljuje, ko bo dovolj "
    "prostora.",
    "import_gave_way": "Ne jemlje nič in se umakne drugim: potrebuje {min_w}, omejitev odjema "
    "{limit_w} pa pušča {left_w}.{others} Nadaljuje, ko bo dovolj prostora.",
    "keeps": "{now} od {max_a}: to obdrži, dokler zadošča; več trenutno ni mogoče dodati.",
    "kept_for_next": "{now} od {max_a}: {kept_a} je prihranjenih za porabnik {other}.",
    "raise_waits": "{now}, naslednji korak na {to_a} čez približno {wait_s}.",
    "room_pending": "{now}, na {to_a} gre, ko drugi naredijo prostor.",
    "start_waits": "Stoji, začne pri {to_a} čez približno {wait_s}.",
    "start_pending": "Stoji, začne pri {to_a}, ko drugi naredijo prostor.",
    "not_following": "Jemlje {draw_a}, čeprav mu je bilo{told_ago} dovoljeno "
    "{told_a}{told_since}{told_shows}; drugi mu naredijo prostor, ukaz pa se ponovi{in_time}.",
    "not_told": "Že {failing_s} ne dobi ukazov ({error}): kolikor je znano, obdrži {kept_a}, "
    "drugi mu jih pustijo, ukaz pa se ponovi{in_time}.",
    "never_told": "Že {failing_s} ne dobi ukazov ({error}): noben še ni prispel, zato ga omejuje "
    "samo njegova nastavitev. Jemlje {draw_a}, drugi mu naredijo prostor, ukaz pa se "
    "ponovi{in_time}.",
    "wrong_version": "Govori OCPP {speaks}, obrazec pa pravi {says}: noben ukaz ne prispe, zato ga "
    "omejuje samo njegova nastavitev, drugi pa mu naredijo prostor. V obrazcu pri »OCPP version« "
    "izberite »{choice}«.",
    "other_in_force": "Jemlje {draw_a}, čeprav je bilo dovoljeno {told_a}: to je {level_a}, ki jih "
    "polnilnica drži sama, ukaz torej ne velja. Drugi mu naredijo prostor, ukaz pa se pove "
    "drugače{in_time}.",
    "not_in_force": "Dovoljeno je {told_a}, jemlje pa ravno {level_a}, ki jih polnilnica drži "
    "sama: ukaz morda ne velja, zato se pove drugače{in_time}.",
    "not_taken": "{entity} kaže {shown}, čeprav je nastavljeno {told}; nastavi se znova{in_time}.",
    "paused_by_switch": "{before} Ustavljeno z izklopom {entity}.",
    "paused_by_zero": "{before} Ustavljeno z nastavitvijo {entity} na {to}.",
    "paused_at_least": "{before} {entity} se ne da nastaviti na 0 in stikala ni, zato ostane pri "
    "{kept_a}.",
    "paused_at_minimum": "{before} Ustavi se lahko samo na svoj minimum, zato ostane pri {kept_a}.",
    "paused_no_switch": "{before} Ničle ne sme dobiti, stikala, ki ga ustavi, pa ni najti, zato "
    "ostane pri {kept_a}. Vpišite ga v obrazec pri »Switch that pauses it«.",
    "on_by_hand": "Vklopljeno, čeprav je bilo izklopljeno: tako ostane, {draw_a} šteje k porabi "
    "hiše. Izklopi se samo, če je presežena meja odklopnika ali omejitev odjema.",
    "switched_off": "Stikalo je nekdo izklopil: tako ostane in nič ni prihranjeno zanj. Nadaljuje, "
    "ko ga nekdo vklopi, mu izbere takoj (boost) ali drug način.",
    "switched_off_today": "Stikalo je nekdo izklopil: tako ostane in nič ni prihranjeno zanj. "
    "Nadaljuje, ko ga nekdo vklopi, mu izbere takoj (boost) ali drug način, jutri pa samo.",
    "came_back": "Stikalo se je spremenilo, ne da bi ga kdo prestavil (je zmanjkalo elektrike?): "
    "ukaz se ponovi.",
    "not_switched": "Stikalo ne kaže tega, kar mu je bilo ukazano, in nihče ga ni prestavil; ukaz "
    "se ponavlja v vse daljših razmikih.",
    "held_back": "Dovoljeni tok je {told_a}, polnilnica pa javlja, da avto zadržuje sama "
    "(SuspendedEVSE). Polni se, ko ga polnilnica spusti.",
    "waits_turn": "{now} od {max_a}: na tej postaji se zdaj polni {other}, zato bo morda treba "
    "počakati na vrsto.",
    "lost": "Ne javlja se; {kept_a} ostane prihranjenih zanj, dokler se ne vrne.",
    "essential": "{now}: nujni porabnik, vedno na vrsti prvi.",
    "idle": "{state}: na voljo bi bilo {available_a}.",
    "idle_nothing": "{state}: zdaj ne bi bilo na voljo nič.",
    "idle_blind": "{state}: koliko bi bilo na voljo, ni znano, ker {meter} ne daje odčitka.",
    "off": "Izklopljeno: dokler se način ne spremeni, se ne upravlja.",
    "maximum_below_minimum": "Stoji: njegov največji tok {max_a} je manjši od najmanjšega {min_a}. "
    "Začne, ko bo to popravljeno.",
    "session_limit_too_low": "Stoji: »Session Current Limit« integracije OCPP ({entity}) je "
    "{limit_a}, potrebuje pa {min_a}. Začne, ko bo nastavljeno višje.",
    "blind": "Ostaja pri {now}: {meter} ne daje odčitka, in dokler je tako, se nič ne poveča.",
    "blind_off": "Stoji: {meter} ne daje odčitka, in dokler je tako, se nič ne začne.",
    "blind_start": "Čaka na prvi odčitek {meter:gen}.",
    "silent_fallback": "{now} od {max_a}, njegov rezervni tok: merilnik {circuit:gen} molči že "
    "{silent_s}. Ko se spet oglasi, gre vse po starem.",
    "silent_stops": "Stoji: merilnik {circuit:gen} molči že {silent_s}. Nadaljuje, ko se spet "
    "oglasi.",
    "silent_stays": "Ostaja vklopljeno pri {now}: merilnik {circuit:gen} molči že {silent_s}. Ko "
    "se spet oglasi, gre vse po starem.",
    "hidden_fallback": "{now} od {max_a}, rezervni tok: merilnik {circuit:gen} skriva, kaj teče, "
    "kot pravijo opozorila. Ko bo to urejeno, gre vse po starem.",
    "hidden_stops": "Stoji: merilnik {circuit:gen} skriva, kaj teče, kot pravijo opozorila. "
    "Nadaljuje, ko bo to urejeno ali bo dovolj prostora.",
    "hidden_stays": "Ostaja vklopljeno pri {now}: merilnik {circuit:gen} skriva, kaj teče, kot "
    "pravijo opozorila.",
    "checking_wiring": "{now}: preverja se ožičenje, še {wait_s}.",
    "wrong_phase_hint": "Videti je drugače ožičeno: {leg} premika fazo {to_phase} merilnika in ne "
    "{phase}.",
    "remapped": "Šteje se z {legs}, kot kaže merilnik, ne kot pravi obrazec.",
    "no_fallback": "Če se Load Juggler ustavi, pri tem ostane.",
    "session_limit_holds": "»Session Current Limit« integracije OCPP ({entity}) dovoljuje "
    "{limit_a}, in polnilnica morda uboga to namesto ukaza.",
    "cure_ends": "Ko dobi 0 A, konča polnjenje (doslej {times}-krat) in ga sama ne začne znova: v "
    "obrazcu pri »Paused by« izberite »its minimum« ali »ending the session«.",
    "cure_stuck": "Ko je dobil 0 A, avto ne nadaljuje (že {times}-krat zapored): v obrazcu pri "
    "»Paused by« izberite »its minimum« ali »ending the session«.",
    "cure_drops": "Ob vsakem ukazu za hip pade na to, kar drži sama: v obrazcu pri »Layers« "
    "izberite »one«, da dobi ukaz le ob spremembi, in večji »Step«.",
    "way_relative": "Polnilnica ne upošteva ukazov, ki po uri potečejo, zato jih dobi brez konca: "
    "ali gre njena ura prav?",
    "way_single": "Polnilnica sprejme samo en profil za polnjenje, zato ga dobi v eni plasti.",
    "way_unnamed": "Polnilnica ne sprejme profila z oznako polnjenja, zato je ta izpuščena.",
    "way_default": "Polnilnica ne sprejme profilov za polnjenje, zato dobi ukaz kot privzetega.",
    "ways_in_vain": "Ukaz je bil povedan tudi drugače, pa ni vzel več: tako hoče avto ali drug "
    "sistem, ki polnilnico omejuje; ali pa polnilnica drži star ukaz, dokler je ne zaženete znova "
    "ali avta ne priklopite na novo.",
    "fed_in_elsewhere": "Druge faze oddajajo več, kot manjka: če vaš števec faze sešteva ali je "
    "baterija samo na eni, to povejte v obrazcu doma (»The meter nets the phases«, »Phases of the "
    "battery«).",
    "offers_less": "Polnilnica javlja, da ponuja {offered_a}: omejuje se sama ali pa jo omejuje "
    "drug sistem.",
    "unreachable": "Ni dosegljivo{gone}: ukaza ni mogoče poslati. Nadaljuje, ko se vrne.",
    "call_failed": "Zadnji ukaz ni uspel ({error}); poskusi se znova{in_time}. {before}",
    "call_keeps": "Zadnji ukaz ni uspel ({error}): moral bi imeti {share_a}, drži pa "
    "{kept_a}, kolikor je znano; poskusi se znova{in_time}. {before}",
    # what is wrong with the house
    "sensor_missing": "{entity} ne daje odčitka ({state}){since}.",
    "comma_unclear": "{entity} kaže {as_written}, kar sta lahko dve števili, z decimalno vejico "
    "ali z vejico med tisočicami: to ni odčitek. Naj piše piko ali dve števki za vejico.",
    "meter_late": "{entity} se ni oglasil že več kot dvakrat toliko, kot je njegov interval "
    "{interval_s}; temu, kar kaže, se ne verjame.",
    "meter_silent": "Merilnik {circuit:gen} molči že {silent_s}: dokler se ne oglasi, polnilnice "
    "pod njim delajo največ s svojim rezervnim tokom.",
    "unit_unknown": "{entity} {has_unit}; potrebna je A, mA, W, kW, MW, VA ali kVA.",
    "unit_no_power": "{entity} {has_unit}; potrebna je W, kW, MW, VA ali kVA.",
    "too_much": "{entity} kaže {state}, kar je več, kot zmore hiša: ne upošteva se.",
    "not_percent": "{entity} kaže {state}; potreben je delež od 0 do 100 %.",
    "setting_missing": "{entity} ne daje uporabne vrednosti ({state}{may_say}); velja {used}.",
    "charger_unknown": "{name}: ni ne {entity} ne druge entitete te polnilnice. Je oznaka "
    "polnilnice prava in se je polnilnica že kdaj povezala?",
    "charger_nameless": "{name}: {entity} ne kaže oznake, zato bi klic zanjo lahko dosegel "
    "{charger}: nič se ne pošlje. Polnilnici v njenih nastavitvah dajte oznako, na koncu naslova, "
    "na katerega se povezuje, in preverite, da je senzor omogočen.",
    "charger_swapped": "{name}: njena oznaka '{id}' je v integraciji OCPP ime druge polnilnice, "
    "zato bi klic zanjo lahko dosegel {charger}: nič se ne pošlje. Eno od njiju preimenujte, da se "
    "nobena ne imenuje kot oznaka druge.",
    "charger_astray": "{name}: {entity} je od drugega centralnega sistema integracije OCPP kot "
    "tistega, ki zdaj dobiva klice (naloženega zadnjega), zato bi klic dosegel drugo polnilnico "
    "ali nobene: nič se ne pošlje. Posodobite integracijo na 0.11.2 ali novejšo ali povežite "
    "vse polnilnice z enim centralnim sistemom, torej z enim vnosom integracije.",
    "charger_offline": "{name}: polnilnica ni povezana ({entity}: {state}).",
    "dial_missing": "{name}: ni entitete {entity}, s katero se nastavlja{if_shown}.",
    "dial_unusable": "{name}: {entity} ne more nastaviti toka ali moči ({what}).",
    "status_not_understood": "{name}: ni znano, kaj pomeni '{state}' pri {entity}; dokler tega ne "
    "pove obrazec, sodeluje samo, kadar jemlje tok.",
    "phases_unknown": "{name}: {entity} ne pove števila faz ({state}); šteje, kar se izmeri.",
    "charger_silent": "{name}: polnilnica ni povezana, ne oglasi se že {silent_s}.",
    "draw_unknown": "{name}: {entity} ne kaže toka, zato ni znano, koliko jemlje; dokler je tako, "
    "šteje k porabi hiše.",
    "session_rounded": "{name}: {entity} kaže {as_written}, kar ni točna številka polnjenja. Ukaz "
    "jo mora imenovati točno, zato velja za vsa polnjenja. Nekatere polnilnice držijo, kar jim je "
    "bilo rečeno za to polnjenje, ali pa ukaz upoštevajo šele pri naslednjem: avto tedaj ostane "
    "pri rezervnem toku, dokler ga znova ne priključite. Senzor naj kaže celo številko ali pa v "
    "obrazcu pri »Transaction id« izberite drugega.",
    "untold": "{name} ne dobi ukazov, koliko sme vzeti ({error}); poskuša se znova in znova.",
    "disobeys": "{name} ne dela, kar mu je bilo dovoljeno; kaj se poskuša, pove njegov razlog.",
    "about_load": "{name}: {before}",
    "power_above_current": "{name}: {entity} kaže skupaj {shown_a}, {by} pa {power_w}. Šteje moč; "
    "če je prava, izberite senzorje toka za vsak priključek ali pustite »Current« prazno.",
    "energy_above_current": "{name}: {entity} kaže {shown_a}, njena energija ({by}) pa raste tako, "
    "kot da teče {power_w}. To šteje. Ali polnilnica piše decimalne vejice? Integracija OCPP iz "
    "6,3 naredi 0; v obrazcu izberite druge senzorje pri »Current« ali »Power«.",
    "draws_at_rest": "{name}: {entity} kaže {draw_a}, čeprav pri stanju {state} ne teče "
    "nič. Šteje, kar se kaže; poglejte, kaj od obojega je prav.",
    "overload_unmanaged": "Na fazi {phase} teče {draw_a}, {above_a} preveč za to, kar zmore "
    "{circuit} ({limit_a}){lasting}; {unmanaged_a} od tega ni pod nadzorom Load "
    "Jugglerja.{breaker}",
    "overload": "Na fazi {phase} teče {draw_a}, {above_a} preveč za to, kar zmore {circuit} "
    "({limit_a}){lasting}; brez upravljanih porabnikov bi bilo {without}.{breaker}",
    "import_over_unmanaged": "Odjem je {draw_w}, {above_w} nad omejitvijo {limit_w}{lasting}; "
    "{unmanaged_w} od tega ni pod nadzorom Load Jugglerja.",
    "import_over": "Odjem je {draw_w}, {above_w} nad omejitvijo {limit_w}{lasting}; brez "
    "upravljanih porabnikov bi bilo {without}.",
    # mistakes of the installation
    "wrong_phase": "{name}: vodnik {leg} je na fazi {to_phase} in ne na {phase}, kot pravi "
    "obrazec: ta faza merilnika se premika z njim ({changes:# jasna sprememba|# jasni "
    "spremembi|# jasne spremembe|# jasnih sprememb}). V obrazcu izberite {legs} ali pa dajte "
    "zamenjati žice.",
    "not_behind": "{name}: merilnik {circuit:gen} se ne premika z njim. Je res za tem odklopnikom? "
    "V njegovem obrazcu pod »Breaker« izberite drugega ali v obrazcu odklopnika druge senzorje.",
    "not_seen": "{name}: merilnik {circuit:gen} se ne premika z njim, čeprav je odjem iz omrežja. "
    "Ne vidi, koliko jemlje, zato je odklopnik lahko preobremenjen, ne da bi se to videlo. Dokler "
    "to ni urejeno, dobijo polnilnice največ rezervni tok. V obrazcu {form:gen} izberite senzorje "
    "priključka na omrežje ali merilnika, za katerim je tudi {name}.",
    "meter_crossed": "Merilnik {circuit:gen} ima zamenjane faze: kar je na fazi {phase}, premika "
    "njegovo fazo {to_phase}. V obrazcu zamenjajte senzorja teh faz ali dajte zamenjati tokovne "
    "klešče.",
    "meter_inverted": "Merilnik {circuit:gen} kaže v napačno smer: ob večji porabi je pokazal manj "
    "(toliko jasnih sprememb: {against} od zadnjih {of}). V obrazcu spremenite »Turn the sign "
    "round« ali dajte obrniti vse tokovne klešče.",
    "clamp_inverted": "Merilnik {circuit:gen} kaže na fazi {phase} v napačno smer: ob večji porabi "
    "je pokazal manj (toliko jasnih sprememb: {against} od zadnjih {of}). Dajte obrniti te tokovne "
    "klešče.",
    "meter_unsigned": "Merilnik {circuit:gen} nima predznaka{on_phase}: oddaje ne loči od odjema. "
    "Nikoli ni pokazal manj kot 0 A, ob večji porabi pa je pokazal manj (toliko jasnih sprememb: "
    "{against} od zadnjih {of}). {choose_signed}",
    "meter_turned": "Merilnik {circuit:gen} kaže v napačno smer: ob večji porabi je pokazal manj "
    "(toliko jasnih sprememb: {against} od zadnjih {of}). Njegovi senzorji niso nikoli pokazali "
    "manj kot 0 A, zato ni česa obračati: v obrazcu {form:gen} izklopite »Turn the sign round«. "
    "{if_unsigned}",
    "remap_notice": "{name} se zdaj šteje z {legs}, ker merilnik kaže tako ({changes:# jasna "
    "sprememba|# jasni spremembi|# jasne spremembe|# jasnih sprememb}); obrazec pravi drugače. V "
    "obrazcu izberite te faze in to obvestilo izgine. Nazaj gre s "
    "pyscript.loadjuggler_undo_remap.",
    "check_running": "{name}: ožičenje se preverja. Tok se za nekaj amperov spušča in dviga, "
    "izid pa bo znan čez približno minuto.",
    "check_right": "{name}: ožičeno, kot pravi obrazec; merilnik {circuit:gen} se je odzval v "
    "{steps:# koraku|# korakih} (zanesljivost {sure_pct}).",
    "check_alike": "{name}: odzvale so se faze {phase} merilnika {circuit:gen}, vse v pravo smer "
    "(zanesljivost {sure_pct}). Dokler se spreminjajo enako, ni mogoče povedati, kateri vodnik je "
    "na kateri: preverite znova z avtom, ki se polni enofazno.",
    "check_wrong": "{name}: vodnik {leg} je na fazi {to_phase} in ne na {phase}, kot pravi obrazec "
    "(zanesljivost {sure_pct}). V obrazcu izberite {leg}: {to_phase} in ustrezno druge vodnike ali "
    "pa dajte zamenjati žice.",
    "check_against": "{name}: merilnik {circuit:gen} kaže na fazi {phase} v napačno smer "
    "(zanesljivost {sure_pct}). Dajte obrniti tokovne klešče; če je tako na vseh fazah, v obrazcu "
    "spremenite »Turn the sign round«.",
    "check_turned": "{name}: merilnik {circuit:gen} kaže na fazi {phase} v napačno smer "
    "(zanesljivost {sure_pct}), njegovi senzorji pa niso nikoli pokazali manj kot 0 A: v obrazcu "
    "{form:gen} izklopite »Turn the sign round«. {if_unsigned}",
    "check_unsigned": "{name}: merilnik {circuit:gen} kaže na fazi {phase} v napačno smer "
    "(zanesljivost {sure_pct}), a ni nikoli pokazal manj kot 0 A: nima predznaka in oddaje ne loči "
    "od odjema. {choose_signed}",
    "check_nothing": "{name}: nobena faza merilnika {circuit:gen} se ni premaknila z njim. Je res "
    "za tem merilnikom? Skrije ga lahko tudi baterija, ki takoj sledi.",
    "check_unclear": "{name}: ni jasnega odgovora, medtem se je spreminjalo preveč drugega. "
    "Preverite znova, ko bo v hiši mirno.",
    "check_few": "{name}: ni se dalo dovoljkrat spremeniti, ker je prostor potreboval kdo drug. "
    "Preverite znova pozneje.",
    "check_not_charging": "{name}: preveri se lahko samo med polnjenjem.",
    "check_legs": "{name}: po obrazcu sta dva vodnika na isti fazi; ni ju mogoče ločiti.",
    "check_plug": "{name}: tako se preverjajo samo polnilnice, vtičnica se le vklopi ali izklopi.",
    "check_no_room": "{name}: jemlje {draw_a}, najmanj pa sme {min_a}: vmes je premalo, da bi se "
    "kaj videlo. Preverite znova, ko se bo polnilo z 2 A več.",
    "check_blind": "{name}: merilnik nad njim ne daje odčitka.",
    "check_overload": "{name}: prekinjeno, ker je presežena meja odklopnika.",
    # notifications
    "new_charger": "V integraciji OCPP je polnilnica, ki je ni v nobenem obrazcu: {charger}. Da jo "
    "bo Load Juggler upravljal, naredite obrazec po predlogi »Load Juggler OCPP charger« z oznako "
    "polnilnice {charger}.",
    # the site
    "ok": "Vse je v redu.",
    "no_site": "Dom še ni ožičen.",
}

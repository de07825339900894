"""Slovenian sentences about forms: what can't be right, and what is unlikely."""

from __future__ import annotations

SENTENCES = {
    # what can't be right
    "setup_meter_sign": "Merilnik {circuit:gen} kaže ponoči {fed_w} oddaje, ko tega ne moreta dati "
    "ne sonce ne baterija: če tam moči ne daje nič drugega, spremenite »Turn the sign round« v "
    "obrazcu {form:gen}.",
    "setup_meter_turned": "Merilnik {circuit:gen} kaže {fed_w} oddaje, česar nima kaj "
    "dati. Njegovi senzorji niso nikoli pokazali manj kot 0 A, zato ni česa obračati: "
    "v obrazcu {form:gen} izklopite »Turn the sign round«. {if_unsigned}",
    "setup_meter_small": "Merilnik {circuit:gen} kaže {shown_w}, polnilnice pod njim pa jemljejo "
    "{draw_w}: je to merilnik tega odklopnika in ali senzor pravi W, kjer misli kW?",
    "setup_meter_misses": "Merilnik {circuit:gen} kaže {shown_w}, polnilnice pod njim pa jemljejo "
    "{draw_w}: ne vidi jih, zato je odklopnik lahko preobremenjen, ne da bi se to videlo. Dokler "
    "to ni urejeno, dobijo največ rezervni tok. V obrazcu {form:gen} izberite senzorje samega "
    "odklopnika.",
    "setup_meter_above": "Merilnik {circuit:gen} kaže na fazi {phase} {shown_a}, nad njim "
    "{parent} samo {above_a}: preverite »Meter, phase A« do »C« v obeh obrazcih in »Breaker "
    "above«.",
    "setup_meter_huge": "{entity} (»Meter, phase {phase}« v obrazcu {form:gen}) že več minut kaže "
    "{shown_a}: odklopnik za {limit_a} bi izklopil. Izberite senzor s pravo enoto: morda so volti "
    "ali W označeni kot A ali W kot kW.",
    "setup_solar_sign": "{entity} (»Solar power«) kaže {shown_w}: sončne celice ne jemljejo moči. "
    "Izberite senzor, ki je pozitiven, ko jo dajejo.",
    "setup_output_sign": "Izhodi razsmernika skupaj kažejo {shown_w}: za »Output, phase A« do »C« "
    "izberite senzorje, ki so pozitivni, ko moč daje.",
    "setup_battery_sign": "Stanje napolnjenosti {went} za {moved_pct}, {entity} pa je kazal, da se "
    "baterija {did}: spremenite »Turn the battery's sign round« v obrazcu doma.",
    "setup_soc_scale": "{entity} (»State of charge«) kaže {soc}, baterija pa je vzela ali dala "
    "precej več od tega: videti je, da gre od 0 do 1; izberite senzor od 0 do 100 %.",
    "setup_battery_seldom": "{entity} (»Battery power«) se javi le vsakih {every_s}: kaj baterija "
    "dela vmes, ni znano, zato porabniki, ki živijo od sonca, sledijo s tolikšno zamudo. Izberite "
    "senzor, ki se javi v nekaj sekundah, če ga imate.",
    "setup_battery_phase": "Ko se spremeni {entity}, se z njim spremeni faza {to_phase} merilnika, "
    "druge pa ne: v obrazcu doma pod »Phases of the battery« izberite fazo {to_phase}.",
    "setup_battery_all": "Ko se spremeni {entity}, se z njim spremenijo vse faze merilnika: v "
    "obrazcu doma pod »Phases of the battery« izberite vse faze.",
    "setup_sum": "Merilniki faz skupaj kažejo {phases_w}, {entity} (»Total power«) kaže {total_w}: "
    "ena od faz ima vrednost ali predznak drugega senzorja ali pa skupna moč ni moč priključka.",
    "setup_sum_sign": "Merilniki faz skupaj kažejo {phases_w}, {entity} (»Total power«) kaže "
    "{total_w}: eden od obeh ima nasproten predznak. Če je skupna moč prava, v obrazcu doma "
    "spremenite »Turn the sign round«; če ni, pustite »Total power« prazno.",
    "setup_unsigned": "Merilnik {circuit:gen} nima predznaka: oddaje ne loči od odjema. Kaže "
    "{shown_a}, {entity} (»Total power«) pa {fed_w} oddaje. {choose_signed}",
    "setup_unsigned_sun": "Merilnik {circuit:gen} nima predznaka{on_phase}: oddaje ne loči od "
    "odjema. Nikoli ni pokazal manj kot 0 A in kaže več, kadar več kaže {entity} (»Solar power«). "
    "{choose_signed}",
    "setup_meter_house": "Merilnik {circuit:gen} ni nikoli pokazal manj kot 0 A in se ne premika, "
    "ko se premika {entity} (»Solar power«): videti je, da meri porabo hiše, zato oddaje ne loči "
    "od odjema. Izberite senzorje priključka na omrežje. {choose_signed}",
    "setup_import_low": "Omejitev odjema {limit_w}{buffer}: hiša sama ves dan jemlje {house_w} ali "
    "več, zato ne more teči noben porabnik. Povečajte jo ali poglejte, kaj jemlje toliko.",
    # what may be right, but is unlikely
    "setup_plug_phase": "{charger} jemlje po svojem senzorju {draw_a}, merilnik pa v temi na fazi "
    "{phase} kaže samo {shown_a}, torej ni na njej. Toliko nosi faza {to_phase}: v obrazcu "
    "izberite {leg}: {to_phase}.",
    "setup_max_above": "{charger}: največ {max_a} je več, kot prenese {circuit} ({limit_a}), na "
    "katerem ni nič drugega. Dokler ne dobi ukaza, lahko vzame vse: v obrazcu pri »Maximum "
    "current« izberite največ {limit_a} in na to nastavite tudi polnilnico samo.",
    "setup_fallbacks": "Če se Load Juggler ustavi, {number:držijo|držita|držijo} {charger} skupaj "
    "{sum_a} na fazi {phase}, {circuit} pa prenese {limit_a}: {number:v njihovih|v njunih|v "
    "njihovih} obrazcih zmanjšajte »Fallback current« ali izberite 0, kjer se avto takrat lahko "
    "ustavi.",
    "setup_no_room": "{charger} potrebuje {min_a}, {circuit} pa z rezervo {reserve_a} pusti največ "
    "{left_a}: nikoli ne more začeti. Zmanjšajte »Reserve« tam ali »Minimum current« v obrazcu "
    "porabnika {charger}.",
    "setup_buffer": "»Power buffer«: {buffer_w} od omejitve odjema {limit_w} ostaja prostih, več "
    "kot polovica. Zmanjšajte ga v obrazcu hiše ali ga pustite prazno in izberite nižjo omejitev.",
    "setup_named_meter": "{entity} (»Meter, phase {phase}« v obrazcu {form:gen}) ima ime senzorja "
    "panelov ali baterije, ne odklopnika: poglejte, ali je pravi. Ime z »grid« ali »meter« to "
    "vprašanje konča.",
    "setup_named_sun": "{entity} (»Solar power«) ima ime merilnika omrežja, ne sonca: poglejte, "
    "ali je pravi.",
    "setup_copied": "{sensors} kažeta povsem isto, že {changes:# spremembo|# spremembi|# "
    "spremembe|# sprememb} zapored: to je en sam senzor ali ena skupna moč, ki se deli. Koliko "
    "teče na vsakem od obeh mest, zato ni znano in odklopnik je lahko preobremenjen, ne da bi se "
    "to videlo. Izberite senzorje, ki merijo vsak svojo fazo ali svojo polnilnico.",
    "setup_ratings": "»Rating per phase«: {each_w} na eni fazi je več kot {all_w} celega "
    "razsmernika. Zamenjajte vrednosti ali pustite »Rating per phase« prazno.",
}

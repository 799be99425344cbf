# Die Wörter der Seite über ein System, um die Worte des Anbieters herum. Kennungen wie in en.ftl.
# Nie: echt, authentisch, gefälscht, sicher, bewiesen, geprüft. „child-“-Zeilen bleiben bei LIX 30 (Björnsson 1968).

title = Über { $system }
unnamed-system = dieses KI-System
unnamed-provider = der Anbieter
skip = Zum Text springen
contents = Auf dieser Seite
says = Auf dieser Seite geht es um Bilder, die mit KI gemacht sind. Was hier über das System steht, sind die Worte von { $provider }; niemand sonst hat sie nachgesehen. Zeilen mit einem Balken am Rand sind von touchmark und stehen auf jeder solchen Seite gleich.
not-stated = Dazu sagt der Anbieter nichts.
yes = ja
no = nein
help-address = Adresse:

## Ein Bild zeigt dich
help = Zeigt ein Bild dich, Sie oder ein Kind?
help-lead = Man kann verlangen, dass ein Bild entfernt wird. Das kostet nichts. Es ist egal, ob eine KI es gemacht hat, und welche.
help-ask = Entfernen verlangen
help-email = Per E-Mail
help-post = Per Post
help-api = Für Programme
help-languages = Antworten auf
help-hours = Antwort innerhalb von
hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
help-account = Ohne Konto
help-upload = Ohne das Bild hochzuladen
help-hashes = Statt eines Bildes werden diese Hashes genommen
help-laws = Gesetze, nach denen geantwortet wird
help-complaint = Beschwerden über eine Antwort
help-others = Auch andere helfen, umsonst und ohne das Bild zu sehen: StopNCII.org (Erwachsene) und takeitdown.ncmec.org (unter 18).
help-lines = Jemand zum Reden
help-line-free = Diese Stellen haben eigene Zeiten und Regeln.

## Für Kinder: durchgesehene Texte
child = Für Kinder und Jugendliche
child-1 = Du hast nichts falsch gemacht.
child-2 = Hat jemand ein böses Bild von dir gemacht? Dann ist die Person schuld, nicht du.
child-3 = Sag es einem Erwachsenen, dem du traust. Oder ruf ein Hilfe-Telefon an. Deinen Namen musst du nicht sagen.
child-4 = Leite es nicht weiter und speichere es nicht. Zeig es nicht herum.
child-5 = Will jemand Geld oder mehr Bilder von dir? Zahl nicht. Schick keine. Schreib nicht zurück. Sag es sofort einem Erwachsenen.
child-6 = Du kannst sagen, dass das Bild weg soll. Es gibt Leute, die dir helfen, und es kostet nichts.

## Für Eltern: durchgesehene Texte
parent = Für Eltern
parent-1 = Bleiben Sie ruhig und glauben Sie Ihrem Kind. Ihr Kind hat nichts falsch gemacht, auch wenn das erste Bild von ihm selbst war.
parent-2 = Leiten Sie es nicht weiter und speichern Sie es nicht, auch nicht als Beweis. Zeigt es ein Kind sexuell, kann es strafbar sein, es zu haben. Schreiben Sie stattdessen Adresse, Konto und Zeit auf.
parent-3 = Verlangen Sie hier, dass es entfernt wird, und dort, wo es zu sehen ist. Ob eine KI es gemacht hat, müssen Sie nicht wissen.
parent-4 = Droht jemand Ihrem Kind oder will Geld, zahlen Sie nicht. Gehen Sie zur Polizei.
parent-5 = Ein Hilfe-Telefon kann sagen, was als Nächstes zu tun ist und wie man darüber spricht.

## Für Lehrkräfte: durchgesehene Texte
teacher = Für Lehrkräfte und Schulen
teacher-1 = Sagen Sie: Du hast nichts falsch gemacht. Bitten Sie nicht darum, das Bild zu sehen.
teacher-2 = Leiten Sie es nicht weiter und speichern Sie es nicht, und sorgen Sie dafür, dass es niemand tut. Durchsuchen Sie kein Handy auf eigene Faust. Schreiben Sie auf, was man Ihnen sagt, wo es zu sehen war und wann.
teacher-3 = Holen Sie dazu, wer an der Schule für den Schutz der Kinder zuständig ist, und die Eltern. Ist es sexuell oder gibt es eine Drohung, dann auch die Polizei.
teacher-4 = Auch mit denen, die es gemacht oder geteilt haben, muss man reden. Es hat Folgen, und die meisten sind selbst noch jung.

## Die Angaben
adult = Das System in Kürze
provider = Wer dafür einsteht
provider-name = Name
provider-country = Land
provider-contact = Kontakt
provider-legal-id = Register
provider-eu = Vertretung in der Europäischen Union
provider-dpo = Datenschutzbeauftragte
provider-role = Rolle
provider-aigc = Anbietercode (China)
role-provider = bietet das System an
role-deployer = nutzt ein fremdes System
role-both = bietet es an und nutzt es
system = Das System
system-name = Name
system-version = Version
system-identifier = Kennung
system-model-type = Art des Modells
system-base = Gemacht aus
system-released = Erschienen
system-licence = Lizenz
system-documentation = Dokumentation
system-bom = Stückliste
capabilities = Was es kann
can = Es kann
cannot = Es kann nicht, oder weigert sich
limits = Wo es versagt
safeguards = Was Menschen schützt
safeguards-caption = Schutzmaßnahmen, wie der Anbieter sie angibt
safeguard-area = Wogegen, oder wo
safeguard-measure = Was getan wird
safeguard-status = Wirkt es?
safeguard-tested = Getestet, mit Beleg
safeguard-rate = in { $failures } von { $trials } Tests versagt
area-input_filter = Was Nutzer verlangen
area-output_filter = Was herauskommt
area-real_person_likeness = Abbild von Menschen, die es gibt
area-intimate_imagery = Intime Bilder ohne Einwilligung
area-child_sexual_abuse_material = Sexueller Missbrauch von Kindern
area-training_data = Trainingsdaten
area-marking = Kennzeichnung der Bilder
area-abuse_monitoring = Achten auf Missbrauch
area-human_review = Durchsicht durch Menschen
area-red_teaming = Angriffe in eigenen Tests
area-other = Anderes
status-in_force = in Kraft
status-partial = zum Teil
status-planned = geplant
status-not_in_place = nicht vorhanden
use = Wozu man es nutzen darf
allowed = Erlaubt
prohibited = Nicht erlaubt
policy = Alle Bedingungen
marks-stay = Kennzeichen dürfen nicht entfernt werden
consequences = Was nach einem Missbrauch geschieht
appeal = Wo man widerspricht
action-warning = eine Verwarnung
action-output_blocked = das Bild wird nicht herausgegeben
action-account_suspended = das Konto wird gesperrt
action-account_closed = das Konto wird geschlossen
action-hash_blocked = Kopien des Bildes werden gesperrt
action-report_to_hotline = eine Meldung an eine Meldestelle
action-report_to_police = eine Anzeige bei der Polizei
action-civil_claim = eine Klage vor Gericht
children = Wie Kinder geschützt werden
minimum-age = Mindestalter der Nutzer
years = { $count ->
    [0] keines
    [one] { $count } Jahr
   *[other] { $count } Jahre
}
age-assurance = Wie darauf geachtet wird
depict-minors = Bilder dürfen Minderjährige zeigen
children-safeguards = Was getan wird
detector = Ein Bild nachsehen lassen
detector-lead = Hier kann jeder umsonst nachsehen lassen, ob ein Bild von diesem System ist
data = Was über jedes Bild festgehalten wird
recorded = Festgehalten
place = Wo es liegt
retention = Wie lange
access = Wer es nachschlagen darf
erasure = Wie man vergessen wird
compliance = Regeln, an die der Anbieter sich nach eigenen Worten hält
compliance-claimed = eigene Angabe
compliance-assessed = von anderen beurteilt
compliance-certified = von anderen zertifiziert
compliance-not_applicable = gilt hier nicht
languages = In anderen Sprachen
about = Über diese Seite
issued = Ausgestellt
expires = Gilt bis
signed-at = Signiertes Dokument
signed-digest = SHA-256 des signierten Dokuments
made-with = Gemacht mit touchmark { $version } aus der eigenen Erklärung des Anbieters. Die Seite lädt nichts nach und speichert nichts.

# Jeder Satz des Berichts. Die Namen vor dem Gleichheitszeichen bleiben; die Worte dürfen besser werden.
# Nie: authentisch, echt, gefälscht, sicher, bewiesen, verifiziert. Abgelaufen heißt nicht verändert; nichts gefunden heißt nicht „keine KI“.

## The headline, by level
headline-attested = Signiert und unverändert, von jemandem auf einer geltenden Liste
headline-signed_here = Signiert und unverändert, mit der Identität dieses Rechners
headline-signed = Signiert und unverändert; wer signiert hat, steht auf keiner geltenden Liste
headline-signed-expired = Signiert und unverändert; das Zertifikat ist abgelaufen
headline-signed-revoked = Signiert und unverändert; das Zertifikat wurde widerrufen
headline-signed-partly = Signiert, aber ein Teil der Datei ist nicht von der Signatur geschützt
headline-recovered = Über Wasserzeichen oder Fingerabdruck wurde ein Vermerk gefunden
headline-claimed = Nur Angaben, die jeder schreiben kann
headline-broken-changed = Seit der Signatur verändert
headline-broken = Signiert, aber der Vermerk stimmt nicht
headline-clashing = Was gefunden wurde, widerspricht sich
headline-malformed = Es gibt einen Vermerk, und er lässt sich nicht lesen
headline-unknown = Nichts gefunden

## The questions
question-mark = Ist etwas vermerkt?
question-changed = Wurde es verändert?
question-who = Wer sagt das?
question-what = Was steht darin?
question-file = Was ist mit der Datei?
question-unchecked = Was ist nicht geprüft?
question-do = Was kann ich tun?

## Is there a mark?
mark-signed = Wir haben einen signierten Vermerk gefunden.
mark-unreadable = Wir haben einen Vermerk gefunden, und er lässt sich nicht lesen.
mark-nothing = Wir haben nichts gefunden. Das sagt nichts darüber, wie das Bild entstanden ist: Die meisten Bilder tragen keinen Vermerk, und beim Teilen geht er oft verloren.
mark-not-read = In dieser Art von Datei lesen wir keine Vermerke. Das sagt nichts darüber, wie das Bild entstanden ist.
mark-remote = Die Datei sagt, ihr Vermerk liege anderswo, unter „{ $address }“; es wurde nichts abgerufen.
mark-sidecar = Er steht nicht im Bild, sondern in einer Datei daneben.
mark-fetched = Er steht nicht im Bild; er wurde von „{ $address }“ abgerufen, das nennt das Bild.
mark-fetched-elsewhere = Er steht nicht im Bild; er wurde von einer Adresse abgerufen, die das Bild nennt.

## Was it changed since?
changed-intact = Nicht verändert, seit das Programm, das es gemacht hat, es signiert hat.
changed-altered = Seit der Signatur verändert. Das kann so harmlos sein wie eine andere Größe.
changed-partly_protected = Die Signatur lässt einen Teil der Datei ungeschützt.
changed-not_applicable = Das können wir nicht sagen: Der Vermerk stimmt nicht.
changed-without-record = Das können wir nicht sagen: Wir haben keinen signierten Vermerk gefunden, mit dem es sich vergleichen ließe.
unseen-unreadable = Das können wir nicht sagen: Der Vermerk lässt sich nicht lesen.
unseen-format = Das können wir nicht sagen: In Dateien dieser Art werden keine signierten Vermerke gelesen.
unseen-elsewhere = Das können wir nicht sagen: Der Vermerk liegt anderswo und wurde nicht geholt.

## Who says so?
who-trusted = Ausgestellt von { $name }, auf { $list }. Wir haben geprüft, wer signiert hat. Ob stimmt, was gesagt wird, haben wir nicht geprüft.
who-legacy = Ausgestellt von { $name }, nur auf { $list }, einer Liste, die nicht mehr geführt wird.
who-local = Ausgestellt von der Identität, die ein erster Lauf von touchmark auf diesem Rechner angelegt hat. Niemand hat sie geprüft.
who-test_key = Signiert mit einem Testschlüssel, den alle haben: Damit kann jeder signieren.
who-unknown = Ausgestellt von jemandem, den wir nicht kennen und der sich { $name } nennt.
who-not-yet-valid = Das Zertifikat von { $name } gilt erst ab { $date }, nach der Zeit, nach der gefragt ist.
who-expired = Das Zertifikat von { $name } ist am { $date } abgelaufen; { $content }
who-expired-intact = der Inhalt ist unverändert.
who-expired-other = das ist kein Zeichen einer Änderung.
who-revoked = Das Zertifikat von { $name } wurde von seinem Aussteller am { $date } widerrufen.
who-invalid = Vermerk, Signatur oder Zertifikat stimmen nicht: Wir können nicht sagen, wer dahinter steht.
who-none = Wir haben keine Signatur gefunden.
who-named = „{ $name }“
who-not-named = niemand
who-withheld = jemand, dessen Name hier weggelassen ist
revocation-good = Was der Aussteller über Widerrufe signiert hat, sagt: am { $date } nicht widerrufen. Wir selbst haben niemanden gefragt.
time-trusted = Ein Zeitstempel von einer Stelle auf einer geltenden Liste sagt, es sei um { $time } signiert worden.
time-claimed = Ein Zeitstempel sagt, es sei um { $time } signiert worden; seine Stelle steht auf keiner geltenden Liste.
time-stated-after-signing = Der Vermerk selbst nennt { $stated }, und das ist später: Eine der beiden Zeiten ist falsch.

## What does it say?
what-stated-whole = Wer signiert hat, sagt: „Von KI gemacht: { $system }.“
what-stated-part = Wer signiert hat, sagt: „Teilweise von KI verändert: { $system }.“
what-stated-ingredient = Wer etwas signiert hat, das darin steckt, sagt: „Von KI gemacht oder verändert: { $system }.“
what-passed_on-whole = Wer signiert hat, gibt weiter, ohne es selbst zu sagen: „Von KI gemacht: { $system }.“
what-passed_on-part = Wer signiert hat, gibt weiter, ohne es selbst zu sagen: „Teilweise von KI verändert: { $system }.“
what-passed_on-ingredient = Wer etwas signiert hat, das darin steckt, gibt weiter, ohne es selbst zu sagen: „Von KI gemacht oder verändert: { $system }.“
what-claimed-whole = Darin steht, und jeder könnte es geschrieben haben: „Von KI gemacht: { $system }.“
what-claimed-part = Darin steht, und jeder könnte es geschrieben haben: „Teilweise von KI verändert: { $system }.“
what-claimed-ingredient = In etwas, das darin steckt, steht, und jeder könnte es geschrieben haben: „Von KI gemacht oder verändert: { $system }.“
what-possible = Was darin steht, lässt offen, ob KI im Spiel war.
what-other_origin_stated = Wer signiert hat, nennt eine andere Herkunft als KI. Das schließt KI nicht aus.
what-unknown = Darin steht nicht, ob KI im Spiel war.
what-system-withheld = ein Name, den wir nicht zeigen, weil eine Adresse darin steht und auf keiner geltenden Liste ist, wer ihn schrieb
what-system-not-named = System nicht genannt
what-not-a-person = Von KI gemacht heißt nicht, dass kein wirklicher Mensch zu sehen ist.
what-independent = Melden und Entfernen hängen nicht davon ab, ob KI es gemacht hat.

## What could we not check?
unchecked-unsupported_format = in dieser Art von Datei nicht gelesen
unchecked-synthid = SynthID-Zeichen können wir nicht sehen.
unchecked-revocation = Wir haben nicht gefragt, ob das Zertifikat widerrufen wurde.
unchecked-revocation-unusable = Wir haben nicht gefragt, ob das Zertifikat widerrufen wurde. Was dazu neben der Signatur liegt, ist unbrauchbar [{ $why }].
layer-manifest = signierter Vermerk
layer-metadata = unsignierte Angaben
layer-watermark = Wasserzeichen
layer-fingerprint = Fingerabdruck
layer-label = sichtbarer Hinweis
layer-registry = Register
list-overdue = Die Vertrauensliste { $list } hätte am { $date } erneuert werden sollen.
list-later = Die Vertrauensliste { $list } wurde am { $date } ausgegeben, nach der Zeit, nach der gefragt ist.

## What can I do? touchmark's own directory, at every verdict
help-lead = Zeigt es dich oder ein Kind gegen den Willen? Du bist nicht schuld, und es gibt Hilfe, kostenlos. Bezahle niemanden, und schicke niemandem mehr Bilder.
help-entry = { $name }, { $says }: { $how }
help-removal = lässt Bilder entfernen
help-removal-adults = lässt intime Bilder von Erwachsenen entfernen, ohne sie zu sehen
help-removal-children = lässt Bilder von Menschen unter 18 entfernen
help-talk = jemand zum Reden
help-talk-adults = jemand zum Reden, für Erwachsene
help-talk-children = jemand zum Reden, für Kinder und Jugendliche
help-hotline = nimmt Meldungen verbotener Bilder an, etwa von sexueller Gewalt gegen Kinder
help-hotline-adults = nimmt Meldungen verbotener Bilder an, von Erwachsenen
help-hotline-children = nimmt Meldungen verbotener Bilder an, von jungen Menschen
help-police = die Polizei, bei Drohung und Erpressung
help-police-adults = die Polizei, bei Drohung und Erpressung von Erwachsenen
help-police-children = die Polizei, bei Drohung und Erpressung von Kindern
help-authority = nimmt Beschwerden an, wie eine Firma mit Daten über dich umgeht
help-authority-adults = nimmt Beschwerden an, wie eine Firma mit Daten über Erwachsene umgeht
help-authority-children = nimmt Beschwerden an, wie eine Firma mit Daten über Kinder umgeht
help-command = An wen man sich wenden kann, was auch immer diese Datei ist: touchmark help-lines
help-more = Mehr, nach Ländern: touchmark help-lines
help-note = Aus touchmarks eigenem Verzeichnis, nicht aus dem Bild. Es stammt aus öffentlichen Quellen; zur Prüfung konnte niemand angerufen werden. Die Stellen haben eigene Zeiten und Regeln.
help-everywhere = Überall
help-dated = Stand { $date }.
help-no-country = Nur für { $country } kennt touchmark noch keine Stelle. Auch die Polizei, ein Anwalt oder die Schule eines Kindes helfen.

## What does its provider say? Never as help
question-provider = Was sagt der Anbieter?
provider-contact = Der Anbieter sagt, er sei zu erreichen unter „{ $contact }“.
provider-removal = Der Anbieter sagt, um Entfernung könne man bitten unter „{ $address }“.
provider-unchecked = Niemand hat geprüft, wer das sagt. Wer jemanden erpressen will, kann hier eine eigene Adresse hinschreiben.
provider-withheld = Das Bild trägt Worte seines Anbieters. Sie werden nicht gezeigt, weil niemand auf einer geltenden Liste signiert hat.

## The page
judged = Beurteilt zum { $as_of }, untersucht am { $examined }.
page-title = Was über ein Bild bekannt ist
page-title-of = Was über { $name } bekannt ist
page-skip = Weiter zu den Funden
page-findings = Was gefunden wurde
page-history = Woher es kommt
page-history-lead = Die Vermerke in der Datei, der neueste zuerst, jeder mit dem, was in ihn eingegangen ist. Was sie sagen, sind die Worte derer, die sie signiert haben.
page-history-text = Dasselbe als Text
page-tree-label = Zeichnung der Vermerke: { $count } insgesamt. Dasselbe steht als Text darunter.
page-tree-active = der neueste Vermerk
page-tree-manifest = Vermerk
page-tree-ingredient = ist eingegangen, ohne eigenen Vermerk
page-tree-broken = Vermerk, der nicht stimmt
page-tree-ingredient-broken = ist eingegangen, und sein Vermerk fehlt
page-tree-again = oben gezeichnet
page-tree-more = { $count } weitere sind nicht gezeichnet.
page-signed-by = gibt an, von { $name } zu sein
page-unsigned-name = nennt niemanden
page-provider = Was der Anbieter sagt
page-provider-lead = Die Worte des Anbieters, wie sie im Bild stehen. Adressen sind mit Absicht keine Links.
page-details = Einzelheiten für Fachleute
page-verdict = Das Ergebnis
page-reasons = Gründe
page-rule = Regel
page-codes = Codes
page-says = In Worten
page-labels = Angaben, die jeder schreiben kann
page-label-place = Wo sie stehen
page-label-writer = Wer solche schreibt
page-label-about-ai = Zu KI
page-label-value = Was darin steht
page-label-prompt = Ein Prompt ist vorhanden, { $count } Zeichen.
page-signer = Zertifikat
page-lists = Vertrauenslisten
page-list-name = Name
page-list-purpose = Zweck
page-list-issued = Ausgegeben
page-list-age = { $days } Tage alt
page-list-later = ausgegeben nach der Zeit, nach der gefragt ist
page-list-anchors = Anker
page-file = Datei
page-format = Format
page-bytes = Bytes
page-size = Pixel
page-organisation = Organisation
page-issuer = Ausgestellt von
page-valid = Gültig
page-serial = Seriennummer
page-signed-at = Zeitstempel
page-made-with = Erstellt von touchmark { $version } am { $time }, auf dem Rechner dessen, der gefragt hat. Hier ist mit Absicht kein Bild zu sehen.
page-redacted = Namen von Menschen, Zertifikaten und Dateien wurden weggelassen.
page-unfetched = Nichts auf dieser Seite wird von anderswo geladen.

## A signed report, held against a picture
signed-report-holds = Die Signatur über den Bericht stimmt.
signed-report-trusted = Signiert von { $name }, auf { $list }. Wir haben geprüft, wer signiert hat. Ob stimmt, was gesagt wird, haben wir nicht geprüft.
signed-report-local = Signiert von der Identität, die ein erster Lauf von touchmark auf diesem Rechner angelegt hat. Niemand hat sie geprüft.
signed-report-unknown = Signiert von jemandem, den wir nicht kennen und der sich { $name } nennt.
signed-report-expired = Das Zertifikat von { $name } ist inzwischen abgelaufen; das ist kein Zeichen einer Änderung. Wann signiert wurde, können wir nicht sagen.
signed-report-invalid = Das Zertifikat stimmt nicht: Wir können nicht sagen, wer hinter dem Bericht steht.
signed-report-same = Er handelt von diesem Bild, Byte für Byte.
signed-report-other = Er handelt von einem anderen Bild, oder von diesem, bevor es verändert wurde.
signed-report-says = Er sagt, Stand { $time }, von { $tool }: „{ $headline }“
signed-report-says-as-of = Er sagt, beurteilt zum { $as_of } und untersucht am { $time }, von { $tool }: „{ $headline }“

## Rules, as reasons
rule-manifest-absent = Die Datei trägt keinen signierten Vermerk.
rule-manifest-remote = Die Datei nennt einen Vermerk, der anderswo liegt; er wurde nicht abgerufen.
rule-manifest-format-unsupported = In diesem Format werden keine signierten Vermerke gelesen.
rule-manifest-unreadable = Es gibt einen Vermerk, und er lässt sich nicht lesen.
rule-manifest-content-unchanged = Der Inhalt ist, was signiert wurde.
rule-manifest-content-changed = Der Inhalt ist nicht, was signiert wurde.
rule-manifest-partly-protected = Die Signatur lässt mehr von der Datei aus als nur den Vermerk; was sie schützt, ist unverändert.
rule-manifest-content-unbound = Der Vermerk ist nicht an den Inhalt dieser Datei gebunden.
rule-manifest-signature-holds = Die Signatur wurde mit dem Schlüssel zum Zertifikat über diesen Vermerk gemacht.
rule-manifest-signature-fails = Die Signatur wurde nicht mit dem Schlüssel zum Zertifikat über diesen Vermerk gemacht.
rule-manifest-signature-unchecked = Die Signatur ließ sich nicht prüfen.
rule-manifest-record-broken = Ein Teil des Vermerks ist nicht, wie er signiert wurde, oder bricht eine Regel des Standards.
changed-ingredient-broken = Der Vermerk von „{ $name }“, das in das Bild eingegangen ist, stimmt nicht.
changed-history-incomplete = Die Geschichte des Bildes ist unvollständig.
rule-manifest-ingredient-broken = Der Vermerk von etwas, das in das Bild eingegangen ist, stimmt nicht.
rule-signer-trusted = Das Zertifikat hat eine Stelle auf einer geltenden Liste ausgestellt.
rule-signer-legacy = Das Zertifikat hat eine Stelle ausgestellt, die nur auf einer nicht mehr geführten Liste steht.
rule-signer-local = Es ist das Zertifikat, das ein erster Lauf von touchmark auf diesem Rechner angelegt hat.
rule-signer-test-key = Der Schlüssel ist ein Testschlüssel, den alle haben.
rule-signer-unknown = Das Zertifikat hat niemand auf einer geltenden Liste ausgestellt.
rule-signer-expired = Das Zertifikat war zur Zeit, auf die es ankommt, abgelaufen.
rule-signer-not-yet-valid = Das Zertifikat galt zur Zeit, auf die es ankommt, noch nicht.
rule-signer-revoked = Das Zertifikat wurde von seinem Aussteller widerrufen.
rule-signer-not-revoked = Der Aussteller sagt, das Zertifikat sei nicht widerrufen.
rule-signer-revocation-unusable = Was neben der Signatur über Widerrufe liegt, ist unbrauchbar.
rule-signer-invalid = Das Zertifikat bricht eine Regel, die für Zertifikate von Unterzeichnern gilt.
rule-time-trusted = Ein Zeitstempel von einer Stelle auf einer geltenden Liste sagt, wann signiert wurde.
rule-time-claimed = Ein Zeitstempel sagt, wann signiert wurde; seine Stelle steht auf keiner geltenden Liste.
rule-time-stated-after-signing = Der Vermerk nennt eine Zeit nach der, zu der er laut Zeitstempel signiert wurde.
rule-ai-stated = Jemand auf einer geltenden Liste sagt, generative KI habe es gemacht oder verändert.
rule-ai-claimed = Jemand sagt, generative KI habe es gemacht oder verändert; das könnte jeder geschrieben haben.
rule-ai-passed-on = Jemand auf einer geltenden Liste gibt weiter, ohne es selbst zu sagen, generative KI habe es gemacht oder verändert.
rule-ai-possible = Was gesagt wird, lässt offen, ob generative KI im Spiel war.
rule-ai-other-origin-stated = Jemand auf einer geltenden Liste nennt eine andere Herkunft.

## Pixel
mark-only-watermark = Wir haben nur ein unsichtbares Zeichen gefunden.
mark-visible-label = Im signierten Vermerk steht, dass ein Hinweis ins Bild gezeichnet wurde: „{ $label }“. Ob er noch da ist, können wir nicht sehen; schauen Sie nach.
watermark-public = Ein unsichtbares Zeichen sagt { $id }. Es ist ein Verweis, kein Beweis: Es ist mit einem Schlüssel gemacht, den alle haben, jeder kann es also auf jedes Bild setzen.
watermark-own = Ein unsichtbares Zeichen sagt { $id }. Es ist ein Verweis, kein Beweis: Wer den Schlüssel hat, kann es auf jedes Bild setzen.
watermark-unreadable = Da ist ein unsichtbares Zeichen, von dem zu wenig übrig ist, um es zu lesen.
watermark-agrees = Der signierte Vermerk nennt dasselbe Zeichen.
watermark-points-elsewhere = Der signierte Vermerk nennt ein anderes Zeichen: Dieses kam mit einem anderen Bild oder wurde darübergesetzt.
watermark-not-looked-up = Es wurde kein Register angegeben, also konnten wir nicht nachsehen, worauf es verweist.
watermark-gone = Der signierte Vermerk nennt ein unsichtbares Zeichen, und wir haben keines gefunden.
watermark-turned = Dem Zeichen nach wurde das Bild seitdem um { $degrees } Grad gedreht.
watermark-mirrored = Dem Zeichen nach wurde das Bild seitdem gespiegelt.
watermark-turned-and-mirrored = Dem Zeichen nach wurde das Bild seitdem gespiegelt und um { $degrees } Grad gedreht.
issuer-directory = Die Nummer im Zeichen, { $number }, ist die von { $domain } (nach dem Verzeichnis von touchmark vom { $date }).
issuer-own-directory = Die Nummer im Zeichen, { $number }, ist die von { $domain } (nach dem eigenen Verzeichnis vom { $date }).
issuer-says = { $domain } hat die Nummer im Zeichen, { $number }, wurde gefragt und antwortet für sich selbst.
issuer-detector = Bei { $domain } lässt sich fragen, ob das Bild dort bekannt ist: „{ $address }“
issuer-removal = Wer { $domain } bitten will, das Bild zu entfernen: „{ $address }“
issuer-no-address = Eine Adresse dafür ist nicht genannt; vielleicht nennt { $domain } selbst eine.
issuer-unasked = { $domain } hat die Nummer im Zeichen und konnte nicht gefragt werden: { $why }.
issuer-several = Mehrere haben diese Nummer; das Zeichen kann jeden von ihnen meinen.
issuer-caution = Ein Zeichen ist ein Verweis, nie ein Beweis: Wer den Schlüssel hat, kann jede Nummer auf jedes Bild setzen; wer gefragt wird, weiß also vielleicht nichts von diesem.
issuer-unknown = Das Verzeichnis von touchmark vom { $date } kennt niemanden mit der Nummer im Zeichen, { $number }.
issuer-unknown-own = Das eigene Verzeichnis vom { $date } kennt niemanden mit der Nummer im Zeichen, { $number }.
issuer-nobody = Das Zeichen nennt niemanden, den man fragen kann: Es wurde ohne Namen eines Anbieters gemacht.
unchecked-no_registry = nicht nachgesehen, weil kein Register angegeben ist
unchecked-only_people = für Menschen sichtbar; touchmark liest ihn nicht
unchecked-not_asked = nicht gesucht, wie gewünscht
unchecked-too_small = nicht gesucht, weil das Bild zu klein ist
unchecked-over_limit = nicht gesucht, weil das Bild über einer Grenze liegt
unchecked-damaged = nicht gesucht, weil sich die Bildpunkte nicht lesen lassen
rule-watermark-found = Da ist ein unsichtbares Zeichen. Es verweist auf einen Vermerk und beweist nichts.
rule-watermark-unreadable = Da ist ein unsichtbares Zeichen, von dem zu wenig übrig ist, um es zu lesen.
rule-watermark-agrees = Das unsichtbare Zeichen ist das, das der signierte Vermerk nennt.
rule-watermark-gone = Der signierte Vermerk nennt ein unsichtbares Zeichen, und es wurde keines gefunden.
rule-clash-watermark-points-elsewhere = Das unsichtbare Zeichen verweist auf einen anderen Vermerk als den, den das Bild trägt.
rule-clash-labels-say-ai = Die Angaben im Bild sagen, generative KI habe es gemacht oder verändert; der signierte Vermerk nennt eine andere Herkunft.
rule-clash-labels-say-other-origin = Die Angaben im Bild nennen eine andere Herkunft; der signierte Vermerk sagt, generative KI habe es gemacht oder verändert.
rule-clash-source-type-omitted = Der signierte Vermerk sagt nicht, wie das Bild entstand; die Angaben im Bild sagen, generative KI habe es gemacht oder verändert.
rule-labels-ai-claimed = Angaben, die jeder schreiben kann, sagen, generative KI habe es gemacht oder verändert.
rule-labels-ai-possible = Angaben, die jeder schreiben kann, lassen offen, ob generative KI im Spiel war.
rule-labels-other-origin-claimed = Angaben, die jeder schreiben kann, nennen eine andere Herkunft.
rule-labels-disagree = Eine Angabe sagt KI, eine andere nennt eine andere Herkunft.
rule-labels-nothing-about-ai = Es hat Angaben, die nichts über KI sagen.
rule-labels-pointer-without-record = Etwas darin verweist auf einen signierten Vermerk oder sieht wie einer aus, und es gibt keinen: Er wurde entfernt oder war nie da.
rule-labels-not-fully-read = Nicht alle Angaben im Bild ließen sich lesen.
rule-file-cut-off = Die Datei hört zu früh auf, wie nach einem abgebrochenen Download: Ihr Ende fehlt. Lassen Sie sich die ganze Datei geben.
rule-file-bytes-behind-end = Hinter dem Ende des Bildes stehen noch Bytes.
rule-file-store-checksum-wrong = Die Prüfsumme des Vermerks in der Datei ist falsch: Andere Programme übergehen ihn vielleicht.
file-bytes-behind-end = Hinter dem Ende des Bildes stehen noch Bytes: { $count }. Manche Kameras und Programme legen dort etwas ab; touchmark sieht nicht alles davon an.
file-named = Ihr Name endet wie der einer Datei der Art „{ $named }“; sie ist eine der Art „{ $format }“.
mark-labels = Wir haben nur Angaben gefunden, die jeder ändern kann.
label-found = Eine Angabe in: { $place }.
label-found-by = Eine Angabe, wie { $writer } sie schreibt, in: { $place }.

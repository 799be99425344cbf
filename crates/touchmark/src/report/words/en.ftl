# Every sentence of the report. Ids are stable; words may improve.
# Never: authentic, genuine, real, fake, safe, proven, verified. Expired is not altered; nothing found is not "not AI".

## The headline, by level
headline-attested = Signed and unchanged, by a signer on a list in force
headline-signed_here = Signed and unchanged, by the identity of this machine
headline-signed = Signed and unchanged; who signed is not known to any list in force
headline-signed-expired = Signed and unchanged; the certificate has expired
headline-signed-revoked = Signed and unchanged; the certificate was revoked
headline-signed-expired-unknown = Signed and unchanged; who signed is not known to any list in force, and the certificate has expired
headline-signed-revoked-unknown = Signed and unchanged; who signed is not known to any list in force, and the certificate was revoked
headline-signed-partly = Signed, but part of the file is not protected by the signature
headline-recovered = A record was found by watermark or fingerprint
headline-claimed = Only labels that anyone can write
headline-claimed-watermark = Only an invisible mark
headline-broken-changed = Changed since it was signed
headline-broken = Signed, and the record does not hold
headline-clashing = What was found contradicts itself
headline-malformed = There is a record, and it cannot be read
headline-unknown = Nothing was found
headline-elsewhere = The file points to a record elsewhere

## The questions
question-mark = Is there a mark?
question-changed = Was it changed since?
question-who = Who says so?
question-what = What does it say?
question-file = What about the file?
question-unchecked = What could we not check?
question-do = What can I do?

## Is there a mark?
mark-signed = We found a signed record.
mark-unreadable = We found a record, and it cannot be read.
mark-nothing = We found nothing. That tells nothing about how the picture was made: most pictures carry no mark, and marks are often lost when pictures are shared.
mark-not-read = We do not read marks in this kind of file. That tells nothing about how the picture was made.
mark-remote = The file says that its record is kept elsewhere. Nothing was fetched; with --online, touchmark asks there.
mark-sidecar = It is not in the picture, but in a file beside it.
mark-fetched = It is not in the picture; it was fetched from “{ $address }”, which the picture names.
mark-fetched-elsewhere = It is not in the picture; it was fetched from an address that the picture names.

## Was it changed since?
changed-intact = Not changed since the program that made it signed it.
changed-altered = Changed since it was signed. This can be as harmless as resizing.
changed-partly_protected = The signature leaves part of the file unprotected.
changed-not_applicable = We can't tell: the record does not hold.
changed-without-record = We can't tell: we found no signed record to hold it against.
unseen-unreadable = We can't tell: the record cannot be read.
unseen-format = We can't tell: signed records are not read in this kind of file.
unseen-elsewhere = We can't tell: the record is said to be kept elsewhere, and was not fetched.

## Who says so?
who-trusted = Issued by { $name }, on { $list }. We checked who signed. We did not check whether what they say is true.
who-legacy = Issued by { $name }, only on { $list }, a list that is no longer kept.
who-local = Issued by the identity that a first run of touchmark made on this machine. Nobody checked it.
who-test_key = Signed with a test key that everybody has: anyone can sign with this.
who-unknown = Issued by someone we don't know, who calls themselves { $name }.
who-unknown-withheld = Issued by someone we don't know, under a name that we do not show, because it holds an address.
who-not-yet-valid = The certificate of { $name }, on { $list }, begins on { $date }, after the time asked about.
who-not-yet-valid-unlisted = { $who } The certificate begins on { $date }, after the time asked about.
who-expired = The certificate of { $name }, on { $list }, expired on { $date }; { $content }
who-expired-unlisted = { $who } The certificate expired on { $date }; { $content }
who-expired-intact = the content is unchanged.
who-expired-other = that is no sign of a change.
who-revoked = The certificate of { $name }, on { $list }, was revoked by its issuer on { $date }.
who-revoked-unlisted = { $who } The certificate was revoked by its issuer on { $date }.
who-invalid = The record, its signature or its certificate does not hold: we can't tell who stands behind it.
who-none = We found no signature.
who-named = “{ $name }”
who-not-named = no one
who-withheld = somebody whose name is left out here
name-withheld = a name that is not shown, because it holds an address
revocation-good = What its issuer signed about revocation says: not revoked on { $date }. We asked nobody ourselves.
time-trusted = A time-stamp by an authority on a list in force says it was signed at { $time }.
time-claimed = A time-stamp says it was signed at { $time }; its authority is on no list in force.
time-stated-after-signing = The record itself says { $stated }, which is later: one of the two times is wrong.

## What does it say?
what-stated-whole = The signer says: “Made by AI: { $system }.”
what-stated-part = The signer says: “Partly changed by AI: { $system }.”
what-stated-ingredient = The signer of something that went into it says: “Made or changed by AI: { $system }.”
what-claimed-whole = It says, and anyone could have written it: “Made by AI: { $system }.”
what-claimed-part = It says, and anyone could have written it: “Partly changed by AI: { $system }.”
what-claimed-ingredient = Something that went into it says, and anyone could have written it: “Made or changed by AI: { $system }.”
what-passed_on-whole = The signer passes on, without saying it themselves: “Made by AI: { $system }.”
what-passed_on-part = The signer passes on, without saying it themselves: “Partly changed by AI: { $system }.”
what-passed_on-ingredient = The signer of something that went into it passes on, without saying it themselves: “Made or changed by AI: { $system }.”
what-possible = What it says leaves open whether AI was used.
what-other_origin_stated = The signer states another origin than AI. That does not exclude AI.
what-other_origin_claimed = It states another origin than AI, and anyone could have written it. That does not exclude AI.
what-unknown = It does not say whether AI was used.
what-system-withheld = a name that we do not show, because it holds an address, and who wrote it is on no list in force
what-system-not-named = system not named
what-prompt = A prompt is present: “{ $prompt }”
what-not-a-person = Made by AI does not mean that no real person is shown.
what-independent = Reporting and removal do not depend on whether AI made it.

## What could we not check?
unchecked-unsupported_format = not read in this kind of file
unchecked-synthid = We can't see SynthID marks.
unchecked-revocation = We did not ask whether the certificate was revoked.
unchecked-revocation-unusable = We did not ask whether the certificate was revoked. What lies beside the signature about that can't be used [{ $why }].
layer-manifest = signed record
layer-metadata = unsigned labels
layer-watermark = watermark
layer-fingerprint = fingerprint
layer-label = visible label
layer-registry = registry
list-overdue = The trust list { $list } was due for an update on { $date }.
list-later = The trust list { $list } was issued on { $date }, after the time asked about.

## What can I do? touchmark's own directory, at every verdict
help-lead = If it shows you, or a child, without consent: that is not your fault, and there is help, free of charge. Do not pay anybody, and send nobody more pictures.
help-entry = { $name }, { $says }: { $how }
help-removal = has pictures taken down
help-removal-adults = has intimate pictures of adults taken down, without seeing them
help-removal-children = has pictures of people under 18 taken down
help-talk = someone to talk to
help-talk-adults = someone to talk to, for adults
help-talk-children = someone to talk to, for children and young people
help-hotline = takes reports of illegal pictures, such as of child sexual abuse
help-hotline-adults = takes reports of illegal pictures, from adults
help-hotline-children = takes reports of illegal pictures, from young people
help-police = the police, for threats and extortion
help-police-adults = the police, for threats and extortion against adults
help-police-children = the police, for threats and extortion against children
help-authority = takes complaints about how a company treats data about you
help-authority-adults = takes complaints about how a company treats data about adults
help-authority-children = takes complaints about how a company treats data about children
help-command = Whom to turn to, whatever this file is: touchmark help-lines
help-more = More, by country: touchmark help-lines
help-note = From touchmark's own directory, not from the picture. It is put together from public sources; nobody could be called to check it. The services have their own hours and rules.
help-everywhere = Everywhere
help-dated = As of { $date }.
help-no-country = touchmark knows no service of { $country } itself yet. The police, a lawyer, or a child's school help too.

## What does its provider say? Never as help
question-provider = The provider's own words
provider-contact = The provider says that it can be reached at “{ $contact }”.
provider-removal = The provider says that it can be asked for removal at “{ $address }”.
provider-unchecked = Nobody checked who says this. Whoever wants to blackmail somebody can write an own address here.
provider-withheld = The picture carries words of its provider. They are not shown, because who signed is on no list in force.

## The page
judged = Judged as of { $as_of }, examined at { $examined }.
page-title = What is known about a picture
page-title-of = What is known about { $name }
page-skip = Skip to the findings
page-findings = What was found
page-history = Where it comes from
page-history-lead = The records in the file, the newest first, each with what went into it. What they say is the words of those who signed them.
page-history-text = The same as text
page-tree-label = Drawing of the records: { $count } in all. The same stands as text beneath it.
page-tree-active = the newest record
page-tree-manifest = record
page-tree-ingredient = went into it, without a record of its own
page-tree-broken = record that does not hold
page-tree-ingredient-broken = went into it, and its record is missing
page-tree-again = drawn above
page-tree-more = { $count } more are not drawn.
page-signed-by = says it is by { $name }
page-unsigned-name = names nobody
page-provider = What the provider says
page-provider-lead = The words of the provider, as they stand in the picture. Addresses are not links, on purpose.
page-details = Details for experts
page-verdict = The verdict
page-reasons = Reasons
page-rule = Rule
page-codes = Codes
page-says = In words
page-labels = Labels that anyone can write
page-label-place = Where it stands
page-label-writer = Who writes such
page-label-about-ai = About AI
page-label-value = What it says
page-label-prompt = A prompt is present, { $count } characters.
page-signer = Certificate
page-lists = Trust lists
page-list-name = Name
page-list-purpose = Purpose
page-list-issued = Issued
page-list-age = { $days } days old
page-list-later = issued after the time asked about
page-list-anchors = Anchors
page-file = File
page-format = Format
page-bytes = Bytes
page-size = Pixels
page-organisation = Organisation
page-issuer = Issued by
page-valid = Valid
page-serial = Serial number
page-signed-at = Time-stamp
page-made-with = Made by touchmark { $version } on { $time }, on the machine of whoever asked. No picture is shown here, on purpose.
page-redacted = Names of people, certificates and files were left out.
page-unfetched = Nothing on this page is loaded from elsewhere.

## A signed report, held against a picture
signed-report-holds = The signature over the report holds.
signed-report-trusted = Signed by { $name }, on { $list }. We checked who signed. We did not check whether what they say is true.
signed-report-local = Signed by the identity that a first run of touchmark made on this machine. Nobody checked it.
signed-report-unknown = Signed by someone we don't know, who calls themselves { $name }.
signed-report-expired = The certificate of { $name }, on { $list }, is over by now; that is no sign of a change. When they signed, we can't tell.
signed-report-expired-unlisted = { $who } The certificate is over by now; that is no sign of a change. When they signed, we can't tell.
signed-report-invalid = The certificate does not hold: we can't tell who stands behind the report.
signed-report-same = It is about this picture, byte for byte.
signed-report-other = It is about another picture, or about this one before it was changed.
signed-report-says = It says, as of { $time }, by { $tool }: “{ $headline }”
signed-report-says-as-of = It says, judged as of { $as_of } and examined at { $time }, by { $tool }: “{ $headline }”

## Rules, as reasons
rule-manifest-absent = The file carries no signed record.
rule-manifest-remote = The file names a record kept elsewhere; it was not fetched.
rule-manifest-format-unsupported = Signed records are not read in this format.
rule-manifest-unreadable = There is a record, and it cannot be read.
rule-manifest-content-unchanged = The content is what was signed.
rule-manifest-content-changed = The content is not what was signed.
rule-manifest-partly-protected = The signature leaves out more of the file than the record itself; what it covers is unchanged.
rule-manifest-content-unbound = The record is not bound to the content of this file.
rule-manifest-signature-holds = The signature was made over this record by the key in the certificate.
rule-manifest-signature-fails = The signature was not made over this record by the key in the certificate.
rule-manifest-signature-unchecked = The signature could not be checked.
rule-manifest-record-broken = A part of the record is not as it was signed, or breaks a rule of the standard.
changed-ingredient-broken = The record of “{ $name }”, which went into the picture, does not hold.
changed-history-incomplete = The history of the picture is incomplete.
rule-manifest-ingredient-broken = The record of something that went into the picture does not hold.
rule-signer-trusted = The certificate was issued by an authority on a list in force.
rule-signer-legacy = The certificate was issued by an authority that is only on a list no longer kept.
rule-signer-local = The certificate is the one that a first run of touchmark made on this machine.
rule-signer-test-key = The key is a test key that everybody has.
rule-signer-unknown = The certificate was issued by nobody on a list in force.
rule-signer-expired = The certificate had expired at the time that counts.
rule-signer-not-yet-valid = The certificate was not yet valid at the time that counts.
rule-signer-revoked = The certificate was revoked by its issuer.
rule-signer-not-revoked = The issuer says that the certificate was not revoked.
rule-signer-revocation-unusable = What lies beside the signature about revocation can't be used.
rule-signer-invalid = The certificate breaks a rule that certificates of signers must keep.
rule-time-trusted = A time-stamp by an authority on a list in force says when it was signed.
rule-time-claimed = A time-stamp says when it was signed; its authority is on no list in force.
rule-time-stated-after-signing = The record states a time after the one at which it was signed, as the time-stamp says.
rule-ai-stated = A signer on a list in force says that generative AI made or edited it.
rule-ai-claimed = Somebody says that generative AI made or edited it; anyone could have written that.
rule-ai-passed-on = A signer on a list in force passed on, without saying it themselves, that generative AI made or edited it.
rule-ai-possible = What is said leaves open whether generative AI was used.
rule-ai-other-origin-stated = A signer on a list in force states another origin.
rule-clash-labels-say-ai = Its labels say that generative AI made or edited it; the signed record states another origin.
rule-clash-labels-say-other-origin = Its labels state another origin; the signed record says that generative AI made or edited it.
rule-clash-source-type-omitted = The signed record does not say how the picture came to be; its labels say that generative AI made or edited it.
rule-labels-ai-claimed = Labels that anyone can write say that generative AI made or edited it.
rule-labels-ai-possible = Labels that anyone can write leave open whether generative AI was used.
rule-labels-other-origin-claimed = Labels that anyone can write state another origin.
rule-labels-disagree = One label says AI, another states another origin.
rule-labels-nothing-about-ai = It has labels that say nothing about AI.
rule-labels-pointer-without-record = Something in it points to a signed record or looks like one, and there is none: it was removed, or never there.
rule-labels-not-fully-read = Not all of its metadata could be read.
rule-file-cut-off = The file ends too early, as after a download that broke off: its end is missing. Ask for the whole file.
rule-file-bytes-behind-end = Behind the end of the picture stand more bytes.
rule-file-store-checksum-wrong = The checksum of the record in the file is wrong: other programs may pass over it.
file-bytes-behind-end = Behind the end of the picture stand more bytes: { $count }. Some cameras and programs put something there; touchmark does not look into all of it.
file-named = Its name ends as that of a file of the kind “{ $named }”; it is one of the kind “{ $format }”.

## Labels
mark-labels = We found only labels that anyone can edit.
label-found = A label in: { $place }.
label-found-by = A label as { $writer } writes it, in: { $place }.
writer-web-ui = a Stable Diffusion web UI
writer-diffusers = a script around diffusers
writer-front-end = a local front-end
writer-says-so = a program that says so

## Pixels
mark-only-watermark = We found only an invisible mark.
mark-visible-label = The signed record says that a label was drawn into the picture: “{ $label }”. We can't see whether it is still there; look.
watermark-public = An invisible mark says { $id }. It is a pointer, not proof: it was made with a key that everybody has, so anyone can put this mark on any picture.
watermark-own = An invisible mark says { $id }. It is a pointer, not proof: whoever has the key can put it on any picture.
watermark-unreadable = There is an invisible mark, and too little is left of it to read what it says.
watermark-agrees = The signed record states the same mark.
watermark-points-elsewhere = The signed record states another mark: this one came with another picture, or was put over it.
watermark-not-looked-up = We could not look up what it points to: touchmark asks no registry yet.
watermark-gone = The signed record states an invisible mark, and we found none.
watermark-turned = By the mark, the picture was turned by { $degrees } degrees since.
watermark-mirrored = By the mark, the picture was mirrored since.
watermark-turned-and-mirrored = By the mark, the picture was mirrored and turned by { $degrees } degrees since.
issuer-directory = The number in the mark, { $number }, is that of { $domain } (by touchmark's directory of { $date }).
issuer-own-directory = The number in the mark, { $number }, is that of { $domain } (by your own directory of { $date }).
issuer-says = { $domain }, which has the number in the mark, { $number }, was asked, and answers for itself.
issuer-detector = Ask { $domain } whether it knows the picture: “{ $address }”
issuer-removal = Ask { $domain } to take the picture down: “{ $address }”
issuer-no-address = It names no address to turn to; { $domain } itself may.
issuer-unasked = { $domain }, which has the number in the mark, could not be asked: { $why }.
issuer-several = Several have this number; the mark can mean any of them.
issuer-caution = A mark is a pointer, never proof: anyone with the key can put any number on any picture, so whoever is asked may know nothing of this one.
issuer-unknown = touchmark's directory of { $date } knows nobody with the number in the mark, { $number }.
issuer-unknown-own = Your own directory of { $date } knows nobody with the number in the mark, { $number }.
issuer-nobody = The mark names nobody to ask: it was made without the name of a provider.
unchecked-no_registry = not looked into, because touchmark asks none yet
unchecked-only_people = for people to see; touchmark does not read it
unchecked-not_asked = not looked for, as asked
unchecked-too_small = not looked for, because the picture is too small
unchecked-over_limit = not looked for, because the picture is over a limit
unchecked-damaged = not looked for, because the picture's pixels can't be decoded
rule-watermark-found = There is an invisible mark. It points to a record and proves nothing.
rule-watermark-unreadable = There is an invisible mark, and too little is left of it to read what it says.
rule-watermark-agrees = The invisible mark is the one that the signed record states.
rule-watermark-gone = The signed record states an invisible mark, and none was found.
rule-clash-watermark-points-elsewhere = The invisible mark points to another record than the one that the picture carries.

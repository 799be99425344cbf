# The words of the page about a system, around what its provider says. Ids are stable; words may improve.
# Never: authentic, genuine, real, fake, safe, proven, verified. "child-" lines keep to a LIX of 30 (Björnsson 1968).

title = About { $system }
unnamed-system = this AI system
unnamed-provider = the provider
skip = Skip to the text
contents = On this page
says = This page is about pictures made with AI. What it says about the system are the words of { $provider }; nobody else has checked them. Lines with a bar at their side are by touchmark and the same on every such page.
not-stated = The provider does not say.
yes = yes
no = no
help-address = Address:

## A picture shows you
help = Does a picture show you, or a child?
help-lead = You can ask for a picture to be removed. It costs nothing. It does not matter whether AI made it, or which AI.
help-ask = Ask for removal
help-email = By e-mail
help-post = By post
help-api = For programs
help-languages = Answers in
help-hours = Answered within
hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
help-account = You need no account
help-upload = You do not have to upload the picture
help-hashes = In place of a picture, these hashes are taken
help-laws = Laws under which requests are answered
help-complaint = Complaints about an answer
help-others = Others who help, free of charge and without seeing the picture: StopNCII.org (adults) and takeitdown.ncmec.org (under 18).
help-lines = Someone to talk to
help-line-free = These services have their own hours and rules.

## For children: reviewed texts
child = For children and young people
child-1 = You did nothing wrong.
child-2 = Did someone make a bad picture of you? Then that person is to blame, not you.
child-3 = Tell a grown-up you trust. Or call a help line. You do not have to say your name.
child-4 = Do not forward or save it. Do not show it around.
child-5 = Does someone want money or more pictures from you? Do not pay. Do not send any. Do not write back. Tell a grown-up now.
child-6 = You can ask for the picture to be taken down. There are people who help you, and it is free.

## For parents: reviewed texts
parent = For parents and carers
parent-1 = Stay calm, and believe your child. Your child did nothing wrong, even if the first picture was its own.
parent-2 = Do not forward or save it, not even as proof. If it shows a child in a sexual way, keeping it can be a crime. Write down the address, the account and the time instead.
parent-3 = Ask for its removal here, and at the site that shows it. You do not need to know whether AI made it.
parent-4 = If someone threatens your child or asks for money, do not pay. Go to the police.
parent-5 = A help line can tell you what to do next, and how to talk about it.

## For teachers: reviewed texts
teacher = For teachers and schools
teacher-1 = Tell the pupil: you did nothing wrong. Do not ask to see the picture.
teacher-2 = Do not forward or save it, and see that nobody else does. Do not search a phone on your own. Write down what you are told, where it was seen and when.
teacher-3 = Bring in whoever answers for child protection at your school, and the parents. If it is sexual, or there is a threat, bring in the police.
teacher-4 = Those who made it or passed it on need a talk too. It has consequences, and most of them are young as well.

## The facts
adult = The system in short
provider = Who answers for it
provider-name = Name
provider-country = Country
provider-contact = Contact
provider-legal-id = Register
provider-eu = Representative in the European Union
provider-dpo = Data protection officer
provider-role = Part in the system
provider-aigc = Provider code (China)
role-provider = provides it
role-deployer = uses a system of somebody else
role-both = provides and uses it
system = The system
system-name = Name
system-version = Version
system-identifier = Identifier
system-model-type = Kind of model
system-base = Made from
system-released = Released
system-licence = Licence
system-documentation = Documentation
system-bom = Bill of materials
capabilities = What it can do
can = It can
cannot = It cannot, or refuses to
limits = Where it fails
safeguards = What protects people
safeguards-caption = Safeguards, as the provider states them
safeguard-area = Against, or where
safeguard-measure = What is done
safeguard-status = Does it work?
safeguard-tested = Tested, with evidence
safeguard-rate = failed in { $failures } of { $trials } tests
area-input_filter = What users ask for
area-output_filter = What comes out
area-real_person_likeness = Likeness of people who exist
area-intimate_imagery = Intimate pictures without consent
area-child_sexual_abuse_material = Sexual abuse of children
area-training_data = Training data
area-marking = Marking of pictures
area-abuse_monitoring = Watching for misuse
area-human_review = Review by people
area-red_teaming = Attacks in own tests
area-other = Other
status-in_force = in force
status-partial = in part
status-planned = planned
status-not_in_place = not in place
use = What it may be used for
allowed = Allowed
prohibited = Not allowed
policy = Full terms
marks-stay = Marks may not be removed
consequences = What happens after misuse
appeal = Where to object
action-warning = a warning
action-output_blocked = the picture is not handed out
action-account_suspended = the account is suspended
action-account_closed = the account is closed
action-hash_blocked = copies of the picture are blocked
action-report_to_hotline = a report to a hotline
action-report_to_police = a report to the police
action-civil_claim = a claim in court
children = How children are protected
minimum-age = Lowest age of users
years = { $count ->
    [0] none
    [one] { $count } year
   *[other] { $count } years
}
age-assurance = How that is held
depict-minors = Pictures may show minors
children-safeguards = What is done
detector = Check a picture
detector-lead = Anyone can check a picture here, free of charge
data = What is recorded about each picture
recorded = Recorded
place = Kept where
retention = Kept how long
access = Who may look it up
erasure = How to be forgotten
compliance = Rules that the provider says it keeps
compliance-claimed = claimed
compliance-assessed = assessed by others
compliance-certified = certified by others
compliance-not_applicable = does not apply
languages = In other languages
about = About this page
issued = Issued
expires = Holds until
signed-at = Signed document
signed-digest = SHA-256 of the signed document
made-with = Made with touchmark { $version } from the provider's own statement. It loads nothing and keeps nothing.

//! Failures as people meet them: what happened, why, and the next step, with a stable code that `explain` knows.

use std::fmt;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use touchmark::report::visible;
use touchmark_image::{Error as ImageError, InputFault};
use touchmark_provenance::{DisclosureFault, Error as ProvenanceError, ParentFault};
use touchmark_signing::timestamp::NoTimestamp;
use touchmark_signing::{
    DatesFault, Error as SigningError, KeyFault, PemContent, SignerFault, TokenFault, TrustListFault,
};

use crate::exit;
use crate::lists;
use crate::rules;

macro_rules! codes {
    ($($name:ident = $code:literal, $exit:expr, $title:literal, $next:literal;)+) => {
        /// The stable code of a failure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum Code { $($name,)+ }

        impl Code {
            /// All codes, in the order of this table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code as it is printed.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What it means.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What to do next.
            pub fn next(self) -> &'static str {
                match self { $(Self::$name => $next,)+ }
            }

            /// The exit code that goes with it.
            pub fn exit(self) -> u8 {
                match self { $(Self::$name => $exit,)+ }
            }
        }
    };
}

codes! {
    NotAPicture = "TM0101", exit::NOT_A_PICTURE, "the input is not a picture that touchmark reads",
        "give a picture file; the kind is recognised by its content, the name does not matter";
    Empty = "TM0102", exit::NOT_A_PICTURE, "the input is empty",
        "look whether the program that writes it had finished";
    Damaged = "TM0103", exit::NOT_A_PICTURE, "the picture is damaged or incomplete",
        "write or fetch the file again; touchmark signs only pictures that are whole";
    OverLimit = "TM0104", exit::NOT_A_PICTURE, "the picture is over a limit",
        "give a smaller picture; the limits protect against files made to exhaust memory";
    FormatNotStamped = "TM0105", exit::FAILED, "this kind of picture is read, but not stamped",
        "convert it to JPEG, PNG or WebP first";
    AlreadyMarked = "TM0106", exit::ALREADY_MARKED, "the picture already carries credentials",
        "if your system changed this picture, add --origin edited, and --parent FILE with the picture it was made from; \
         stamping over credentials would hide where it comes from";
    Unreadable = "TM0107", exit::FAILED, "the file cannot be read",
        "look at its name and its permissions";
    NoParent = "TM0108", exit::USAGE, "an edited picture, and nothing that it was made from",
        "name the picture that was edited with --parent FILE; a picture made from none is --origin created";
    ParentNotAPicture = "TM0109", exit::NOT_A_PICTURE, "the parent cannot be read as a picture",
        "give with --parent the picture that was edited, as it was";
    OtherCredentials = "TM0110", exit::ALREADY_MARKED, "the picture carries credentials that are not its parent's",
        "leave --parent out, so that the picture is its own parent; or give with --parent the picture they are from";
    ParentNotCarried = "TM0111", exit::FAILED, "the parent's credentials cannot be carried on",
        "try --keep-parent-metadata; where that fails too, the parent's history is too large or not in order";
    LabelsRefused = "TM0112", exit::FAILED, "the picture cannot take the labels that are demanded",
        "stamp it with --layers manifest, or have the program that wrote it write its XMP anew";
    PixelsRefused = "TM0113", exit::FAILED, "the picture cannot carry the watermark or the label that is demanded",
        "stamp it without that layer (--layers manifest,metadata), or give a larger picture of a still, plain coding";
    NotDecoded = "TM0114", exit::NOT_A_PICTURE, "the pixels of this picture cannot be decoded",
        "convert it to JPEG, PNG or WebP first";
    NothingToExamine = "TM0115", exit::FAILED, "no file was examined",
        "name the files themselves, or their folder with -r; what is hidden, or a link, is examined where it is named";
    GivenUp = "TM0120", exit::NOT_A_PICTURE, "examining the file was given up: it takes more memory or time than one file may",
        "large files may, and so do those that are made to exhaust whoever reads them; where you know who made it, examine it \
         on its own with --no-isolate";
    OutputExists = "TM0201", exit::FAILED, "the output file exists",
        "choose another name, or replace it with --force";
    Unwritable = "TM0202", exit::FAILED, "the output cannot be written; nothing was changed",
        "look at the folder's permissions and the space on the disk";
    Terminal = "TM0203", exit::USAGE, "a picture would go to the terminal",
        "redirect standard output to a file, or name one with -o";
    OneOutput = "TM0204", exit::USAGE, "several pictures and one output",
        "leave -o out, so that each is written beside its input; give `-` on its own";
    SameOutput = "TM0205", exit::USAGE, "two pictures would be written to one file",
        "leave one of them out, or stamp them in separate runs into folders of their own (-d); nothing was written";
    InputOverwritten = "TM0206", exit::USAGE, "an output would replace a picture that is to be stamped",
        "leave out what touchmark wrote (a pattern in quotes does), write elsewhere with -d, or replace pictures with --in-place; nothing was written";
    Nameless = "TM0207", exit::USAGE, "standard input has no name to write under",
        "name an output with -o, or `-o -` for standard output";
    BackupExists = "TM0208", exit::FAILED, "there is another file where the backup goes; nothing was changed",
        "look whether that backup is still needed, and move it away";
    InputChanged = "TM0209", exit::FAILED, "the picture was changed while it was being stamped; it was left as it is",
        "stamp it again once the program that writes it has finished";
    NotAJournal = "TM0210", exit::USAGE, "the file given with --resume is not a journal of `touchmark stamp`",
        "name a file that does not exist yet, or the journal of the batch to go on with; nothing was written";
    JournalInUse = "TM0211", exit::FAILED, "another run writes this journal",
        "wait for it to end, or give this run a journal of its own";
    ParentUse = "TM0212", exit::USAGE, "the options for edited pictures do not go together",
        "give --parent FILE with one picture at a time, and leave --origin created out";
    Layers = "TM0213", exit::USAGE, "the layers asked for do not go together",
        "name manifest among them: the others point to it";
    RequestText = "TM0214", exit::USAGE, "a text given for the stamp cannot be written",
        "give 1 to 8,000 characters, without control characters";
    Profile = "TM0215", exit::FAILED, "a place that --profile names would not accept the stamp; nothing was written",
        "`touchmark doctor --profile` says what to do about each";
    OnePicture = "TM0216", exit::USAGE, "an option for one picture, and several pictures",
        "run it for each picture, or leave out --html, --sign-report, --sidecar, --crjson and --report; --json and --csv take many";
    NotASignedReport = "TM0217", exit::BROKEN, "the signed report does not hold",
        "get the file again from whoever signed it, byte for byte; one that was changed says nothing";
    ReportOfAnother = "TM0218", exit::BROKEN, "the signed report is about another picture",
        "get the picture that it was made for, byte for byte; saving or sending a picture changes it";
    StoreTooLarge = "TM0219", exit::NOT_A_PICTURE, "the manifest store is over a limit",
        "give the store that belongs to the picture; the limits protect against files made to exhaust memory";
    NotAVerifyJournal = "TM0220", exit::USAGE, "the file given with --resume is not a journal of such a run of `touchmark verify`",
        "name a file that does not exist yet, or go on with the options, trust lists and keys that the journal was begun with";
    NoRecord = "TM0221", exit::NOTHING_FOUND, "there is no record in the picture that the C2PA library can read",
        "leave --crjson out: the report says what was found";
    WatermarkKey = "TM0222", exit::USAGE, "the watermark key cannot be used",
        "name with file:PATH or env:NAME a secret of 16 bytes or more; `openssl rand -hex 32` prints one";
    TwoPictures = "TM0223", exit::USAGE, "a distance is between two pictures",
        "give two pictures with --distance";
    Label = "TM0224", exit::USAGE, "the label cannot be drawn",
        "give up to 60 characters of the scripts that the label's fonts have: Latin, Arabic, Devanagari, and the ready Chinese and Korean words";
    StdinTwice = "TM0225", exit::USAGE, "standard input can be read once only",
        "give `-` once, and other pictures and lists as files";
    ReportOfNewer = "TM0226", exit::FAILED, "the signed report was made by a newer version of touchmark",
        "check it with the newest version; the signature over it holds, and what it says cannot be read by this one";
    ReportPolicy = "TM0227", exit::USAGE, "a policy about the picture itself, where a signed report is checked",
        "with --report, give --require trusted, intact or none, which are about who signed the report; --json shows what it says of the picture";
    NoIdentity = "TM0301", exit::FAILED, "there is no identity of this name",
        "`touchmark keys list` shows those there are; `touchmark keys new` makes one";
    IdentityExists = "TM0302", exit::FAILED, "there is an identity of this name",
        "`touchmark keys renew` gives it a new certificate; another --name makes another identity";
    Expired = "TM0303", exit::FAILED, "the signing certificate has expired",
        "`touchmark keys renew` makes a new one under an own root; an authority's is requested there";
    NotYetValid = "TM0304", exit::FAILED, "the signing certificate is not yet valid",
        "look at this machine's clock";
    KeyMismatch = "TM0305", exit::FAILED, "the key does not belong to the certificate",
        "give the key and the certificate that were made together";
    PassphraseNeeded = "TM0306", exit::FAILED, "the key is encrypted",
        "put its passphrase into TOUCHMARK_PASSPHRASE, or into a file named with --passphrase-file";
    WrongPassphrase = "TM0307", exit::FAILED, "the passphrase does not open the key",
        "look for a line break or space at its end; a file's last line break is left out";
    KeyUnusable = "TM0308", exit::FAILED, "the private key cannot be used",
        "give the private key itself, for P-256, Ed25519 or RSA, as PKCS#8 PEM; `openssl pkcs8 -topk8 -in KEY` makes that of other forms";
    CertificatesUnusable = "TM0309", exit::FAILED, "the certificates cannot be used for signing",
        "look whether the file holds them, as PEM, DER or PKCS#7; `touchmark keys check` says what is wrong with them";
    KeyReference = "TM0310", exit::USAGE, "the key reference cannot be used",
        "use file:PATH, env:NAME, cmd:PROGRAM, cmd+stream:PROGRAM, or pkcs11:token=LABEL;object=LABEL?module-path=LIBRARY";
    BadName = "TM0311", exit::USAGE, "the name cannot be used",
        "names have 1 to 64 letters, digits, dots, hyphens or underscores, and begin with a letter or digit";
    Subject = "TM0312", exit::USAGE, "a certificate cannot carry this name",
        "organisation and common name have 1 to 64 characters, the country is two capital letters such as DE";
    PassphraseUnusable = "TM0313", exit::FAILED, "the passphrase cannot be used",
        "give one of at least one character, UTF-8; unset TOUCHMARK_PASSPHRASE where none is meant";
    PassphraseNotWanted = "TM0314", exit::FAILED, "a passphrase for keys that are not encrypted",
        "leave it out (unset TOUCHMARK_PASSPHRASE); `touchmark keys new` with a passphrase makes encrypted keys";
    LocalUnusable = "TM0315", exit::FAILED, "this machine's local identity cannot be used",
        "move its folder away; the next `touchmark stamp` makes a new one";
    CertificatesRefused = "TM0321", exit::FAILED, "these certificates will not do for signing as they are",
        "do what stands below each rule; `touchmark keys check` says it again, with the rules that are kept";
    NoRequest = "TM0322", exit::FAILED, "no request waits for this certificate",
        "give its private key with --key URI; `touchmark keys list` shows the requests that wait";
    RequestPending = "TM0323", exit::FAILED, "a request of this name waits for its certificate",
        "finish it with `touchmark keys import`, or choose another --name; its key is kept, and `touchmark keys request` with the same names writes it again";
    NotIssuedHere = "TM0324", exit::FAILED, "the certificate was issued by an authority, which alone can renew it",
        "`touchmark keys request` makes a new key and the request to send there";
    AlreadyImported = "TM0325", exit::FAILED, "there is an identity with this certificate",
        "`touchmark keys list` shows it; nothing was changed";
    RequestUnusable = "TM0326", exit::FAILED, "a request that waits for its certificate cannot be read",
        "get its file from a backup; where no certificate is awaited for it, move it away";
    KeyElsewhere = "TM0331", exit::FAILED, "the key is kept elsewhere, and did not sign",
        "look at what the program or device says; `touchmark doctor` with the same key tries it without a picture";
    TokenUnusable = "TM0332", exit::FAILED, "the token that keeps the key cannot be used",
        "`pkcs11-tool --module LIBRARY --list-objects --login` shows what the token has; name it with token=, object= or id=";
    PinNeeded = "TM0333", exit::FAILED, "the token asks for its PIN",
        "put it into TOUCHMARK_PIN, or into a file that the reference names with pin-source=file:PATH";
    PinRefused = "TM0334", exit::FAILED, "the token does not accept the PIN",
        "be certain of it before trying again: tokens lock themselves after a few attempts";
    SecretInReference = "TM0335", exit::USAGE, "a secret does not belong in a key reference",
        "leave pin-value out; put the PIN into TOUCHMARK_PIN, or into a file that pin-source=file:PATH names";
    KeyWithoutCertificates = "TM0336", exit::USAGE, "a key and its certificates are given together",
        "give both --key URI and --certificates FILE, or both as settings";
    HeldElsewhere = "TM0337", exit::FAILED, "the identity's key is kept elsewhere",
        "have a new certificate issued for it, and import that under the same name";
    Disclosure = "TM0401", exit::FAILED, "the disclosure cannot be used",
        "correct the field that is named; `touchmark disclose lint` names all at once";
    Configuration = "TM0402", exit::USAGE, "the configuration cannot be used",
        "correct the key that is named; `touchmark config show` lists all keys";
    Time = "TM0403", exit::USAGE, "the time cannot be read",
        "write it as 2026-11-22T10:00:00Z (a time), or 2026-11-22 (a date)";
    DisclosureSignature = "TM0404", exit::FAILED, "the signature of the disclosure does not hold",
        "get the file again from whoever signed it, byte for byte, or sign your own with `touchmark disclose sign`";
    TrustListUnusable = "TM0501", exit::FAILED, "the trust list cannot be used",
        "give a file with at least one certificate: PEM, DER or PKCS#7";
    TrustListExists = "TM0502", exit::FAILED, "there is a trust list of this name",
        "`touchmark trust remove` it first, or choose another --name";
    NoTrustList = "TM0503", exit::FAILED, "no trust list of this name was added",
        "`touchmark trust list` shows those there are; the official lists stay";
    LocalIdentity = "TM0504", exit::FAILED, "a local identity cannot be trusted by a list",
        "`touchmark keys new` makes an identity that names who signs";
    TrustListName = "TM0505", exit::USAGE, "the trust list cannot have this name",
        "names of lists have 1 to 100 characters, without control or invisible characters";
    AddedListUnusable = "TM0506", exit::FAILED, "a trust list that was added cannot be used",
        "delete the file that is named, or `touchmark trust remove` the list; then add it again";
    TrustListOlder = "TM0507", exit::FAILED, "the trust list is older than the one in force",
        "get the newest one from its publisher; --force takes the older one";
    TrustListNotNamed = "TM0508", exit::USAGE, "it is not said which trust list this updates",
        "name it with --name; `touchmark trust list` shows those there are";
    NotFetched = "TM0509", exit::FAILED, "a trust list could not be fetched",
        "try again later, or download it otherwise and give the file to `touchmark trust update`";
    TrustListDates = "TM0510", exit::FAILED, "the trust list cannot have these dates",
        "look at the dates that are stated, and at this machine's clock: a list is issued by now, and the next one due after it";
    IssuersUnusable = "TM0511", exit::FAILED, "the directory of issuers cannot be used",
        "correct the line that is named; `touchmark issuers --help` shows the form";
    NotExplained = "TM0601", exit::USAGE, "there is no such error code or rule",
        "`touchmark explain` by itself lists all";
    NoDataFolder = "TM0602", exit::FAILED, "there is no place for identities and trust lists",
        "name a folder with --data-dir or TOUCHMARK_DATA_DIR";
    NoWorker = "TM0605", exit::FAILED, "the process that was to examine the file cannot be started",
        "look at this machine's limits on processes and memory, or examine in this process with --no-isolate";
    DocumentHere = "TM0606", exit::FAILED, "a PDF is examined in a process of its own, and this run cannot be handed to one",
        "where you know who made it, examine it in this process with --no-isolate; a PDF of kilobytes can unfold to gigabytes";
    NoTimestamp = "TM0701", exit::FAILED, "no authority gave the time-stamp that was asked for; nothing was written",
        "name a second authority with another --timestamp; --allow-no-timestamp stamps without where none can be had";
    TimestampAddress = "TM0702", exit::USAGE, "an address for time-stamps cannot be used",
        "give the address of an RFC 3161 authority, such as --timestamp http://timestamp.example.com";
    Revoked = "TM0703", exit::FAILED, "the issuer has revoked the signing certificate; nothing was written",
        "ask the issuer for a new certificate, with a new key where the old one may be in other hands";
    RevocationUnknown = "TM0704", exit::FAILED, "the issuer gave no usable answer about revocation; nothing was written",
        "try again later, or leave --online out";
    RevocationAlone = "TM0705", exit::USAGE, "an answer about revocation needs a time-stamp beside it",
        "add --timestamp URL, or leave --online out";
    SelfCheck = "TM0901", exit::SELF_CHECK_FAILED, "the stamped picture, read back, was not as it must be; nothing was written",
        "this is a bug in touchmark, or a picture of a kind never seen: please report it with the picture";
    Library = "TM0902", exit::BUG, "the C2PA library refused our own data",
        "this is a bug in touchmark: please report it with the message above";
    Randomness = "TM0903", exit::FAILED, "the operating system gave no random bytes",
        "look at the sandbox or container that touchmark runs in";
    Bug = "TM0904", exit::BUG, "touchmark met a fault of its own and stopped",
        "this is a bug in touchmark: please report it with the message above";
}

impl TryFrom<String> for Code {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        let named = |code: &&Self| code.id() == id;
        Self::ALL
            .iter()
            .find(named)
            .copied()
            .ok_or("there is no such error code")
    }
}

impl From<Code> for &'static str {
    fn from(code: Code) -> Self {
        code.id()
    }
}

/// A failure of a command. Its serialised form is for worker processes of the same version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Failure {
    code: Code,
    what: String,
    why: Vec<String>,
    /// What it is about where that is several things, a line each, already harmless to show.
    list: Vec<String>,
    /// The next step where more is known than the code alone tells.
    next: Option<String>,
    /// Whether there was no memory for a file: to a worker process that is its end, and not what is wrong with the file.
    #[serde(skip)]
    out_of_memory: bool,
}

impl Failure {
    /// A failure to do `what` (a fragment that fits "failed to ..").
    pub fn new(code: Code, what: impl Into<String>) -> Self {
        Self {
            code,
            what: what.into(),
            why: Vec::new(),
            list: Vec::new(),
            next: None,
            out_of_memory: false,
        }
    }

    /// The same failure with a next step that fits it better than that of its code.
    pub fn with_next(mut self, next: String) -> Self {
        self.next = Some(next);
        self
    }

    /// The same failure with everything it is about, a line each, of names as `files::display_name` gives them.
    pub fn with_list(mut self, list: Vec<String>) -> Self {
        self.list = list;
        self
    }

    /// The same cause under another code, and as the failure to do `what`.
    pub fn recast(mut self, code: Code, what: impl Into<String>) -> Self {
        (self.code, self.what) = (code, what.into());
        self
    }

    /// A failure of the same code that says nothing of its own, for where names are left out: any word of it may have one.
    pub fn without_names(&self, what: String) -> Self {
        Self::new(self.code, what)
    }

    /// What to do next, on one line.
    pub fn next(&self) -> String {
        match &self.next {
            Some(next) => visible(next),
            None => self.code.next().to_owned(),
        }
    }

    /// What failed and why, on one line.
    pub fn says(&self) -> String {
        // Names of files and words from inside them may hold anything.
        let parts = std::iter::once(&self.what).chain(&self.why);
        format!(
            "failed to {}",
            parts.map(|part| visible(part)).collect::<Vec<_>>().join(": ")
        )
    }

    /// The same failure with its cause.
    pub fn because(mut self, why: impl fmt::Display) -> Self {
        self.why.push(why.to_string());
        self
    }

    /// A failure of reading a file.
    pub fn reading(path: &Path, error: &io::Error) -> Self {
        Self {
            out_of_memory: error.kind() == io::ErrorKind::OutOfMemory,
            ..Self::new(Code::Unreadable, format!("read {}", path.display())).because(error)
        }
    }

    /// Whether there was no memory for a file.
    pub fn is_out_of_memory(&self) -> bool {
        self.out_of_memory
    }

    /// A failure of writing a file.
    pub fn writing(path: &Path, error: &io::Error) -> Self {
        Self::new(Code::Unwritable, format!("write {}", path.display())).because(error)
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What was to be done to which file, over what the libraries said.
    pub fn of_touchmark(what: String, error: &touchmark::Error) -> Self {
        use touchmark::Error as E;
        let code = match error {
            E::Image(error) => of_image(error),
            E::AlreadyMarked => Code::AlreadyMarked,
            E::ParentImage(_) => Code::ParentNotAPicture,
            E::Parent { fault, .. } => of_parent(*fault),
            E::Metadata(_) => Code::LabelsRefused,
            E::Pixels(_) => Code::PixelsRefused,
            E::Disclosure(error) => of_disclosure(error),
            E::Identity(error) => of_signing(error),
            E::SelfCheck(_) => Code::SelfCheck,
            E::Randomness(_) => Code::Randomness,
            E::Timestamp(missed) => return Self::of_timestamp(what, missed),
            E::OutOfMemory => return Self::of_memory(what).because(error),
            _ => Code::Library,
        };
        match code {
            // The code's own words say it all.
            Code::AlreadyMarked | Code::NoParent | Code::OtherCredentials => Self::new(code, what),
            // For a report of a bug, every word counts.
            Code::Library => Self::new(code, what).with_chain(error),
            _ => Self::new(code, what).because(deepest(error)),
        }
    }

    /// No memory for a picture.
    fn of_memory(what: String) -> Self {
        Self {
            out_of_memory: true,
            ..Self::new(Code::GivenUp, what).with_next("examine it where this process may have more memory".to_owned())
        }
    }

    /// No time-stamp: each authority's fault, and what to do about the first.
    fn of_timestamp(what: String, missed: &NoTimestamp) -> Self {
        let failure = Self::new(Code::NoTimestamp, what).because(format_args!("get a time-stamp: {missed}"));
        match missed.attempts.first() {
            // The fault's own words name a second authority where that helps.
            Some(first) => failure.with_next(format!(
                "{} (--timestamp can be repeated); --allow-no-timestamp stamps without where none can be had",
                first.fault.next()
            )),
            None => failure,
        }
    }

    /// A failure with an identity or a trust list.
    pub fn of_signing(what: String, error: &SigningError) -> Self {
        match error {
            SigningError::Signer(SignerFault::Profile(rules)) => {
                Self::new(Code::CertificatesRefused, what).with_list(rules::lines(rules.iter().copied()))
            }
            _ => {
                let failure = Self::new(of_signing(error), what).because(deepest(error));
                match (error, key_next(error)) {
                    (SigningError::TrustList(fault), _) => failure.with_list_fault(*fault),
                    (_, Some(next)) => failure.with_next(next.to_owned()),
                    (_, None) => failure,
                }
            }
        }
    }

    /// With the next step where the list's own fault asks for another than its code.
    fn with_list_fault(self, fault: TrustListFault) -> Self {
        match fault {
            TrustListFault::Form => {
                self.with_next("give the JSON that C2PA publishes, or certificates as PEM, DER or PKCS#7".to_owned())
            }
            TrustListFault::TooLarge | TrustListFault::TooMany => self.with_next(lists::FEWER.to_owned()),
            _ => self,
        }
    }

    fn with_chain(mut self, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let words = error.to_string();
            if self.why.last() != Some(&words) {
                self.why.push(words);
            }
            next = error.source();
        }
        self
    }
}

/// The innermost cause: what is around it says again what was being done.
fn deepest<'a>(mut error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

fn of_parent(fault: ParentFault) -> Code {
    match fault {
        ParentFault::Missing => Code::NoParent,
        ParentFault::OtherCredentials => Code::OtherCredentials,
        ParentFault::Irremovable => Code::Damaged,
        _ => Code::ParentNotCarried,
    }
}

fn of_disclosure(error: &ProvenanceError) -> Code {
    match error {
        ProvenanceError::Disclosure {
            fault: DisclosureFault::Signature(_),
            ..
        } => Code::DisclosureSignature,
        _ => Code::Disclosure,
    }
}

fn of_image(error: &ImageError) -> Code {
    match error {
        ImageError::Input {
            fault: InputFault::Empty,
            ..
        } => Code::Empty,
        ImageError::Input {
            fault: InputFault::UnknownFormat,
            ..
        } => Code::NotAPicture,
        ImageError::Input { .. } => Code::Damaged,
        ImageError::Limits { .. } => Code::OverLimit,
        ImageError::Unsupported(_) => Code::FormatNotStamped,
        ImageError::Pixels(_) => Code::NotDecoded,
        _ => Code::Library,
    }
}

fn of_signing(error: &SigningError) -> Code {
    match error {
        SigningError::Key(KeyFault::PassphraseNeeded) => Code::PassphraseNeeded,
        SigningError::Key(KeyFault::WrongPassphrase) => Code::WrongPassphrase,
        SigningError::Key(KeyFault::EmptyPassphrase) => Code::PassphraseUnusable,
        SigningError::Key(_) => Code::KeyUnusable,
        SigningError::Remote(_) => Code::KeyElsewhere,
        SigningError::Token(fault) => of_token(fault),
        SigningError::Signer(SignerFault::KeyMismatch) => Code::KeyMismatch,
        SigningError::Signer(_) | SigningError::Certificate(_) => Code::CertificatesUnusable,
        SigningError::Dates(DatesFault::Expired(_)) => Code::Expired,
        SigningError::Dates(_) => Code::NotYetValid,
        SigningError::Subject(_) => Code::Subject,
        SigningError::TrustList(TrustListFault::LocalIdentity) => Code::LocalIdentity,
        SigningError::TrustList(_) => Code::TrustListUnusable,
        SigningError::Randomness => Code::Randomness,
        _ => Code::Library,
    }
}

/// What to do about a key where more is known than that it cannot be used.
fn key_next(error: &SigningError) -> Option<&'static str> {
    let SigningError::Key(fault) = error else {
        return None;
    };
    match fault {
        KeyFault::Unsupported(_) | KeyFault::RsaSize(_) => Some(
            "`touchmark keys request` makes a key for ES256 and the request for its certificate; or give one for P-256, Ed25519, or RSA of 2048 to 8192 bits",
        ),
        KeyFault::UnsupportedEncryption | KeyFault::TooCostly => {
            Some("encrypt it anew: `openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW`")
        }
        KeyFault::NoPrivateKey(PemContent::OpenSsh) => Some("convert a copy of it: `ssh-keygen -p -m PKCS8 -f COPY`"),
        KeyFault::NoPublicKey => {
            Some("give what the service or device exports as public key, PEM or DER (SubjectPublicKeyInfo)")
        }
        _ => None,
    }
}

fn of_token(fault: &TokenFault) -> Code {
    match fault {
        TokenFault::Reference(_) | TokenFault::NoModule => Code::KeyReference,
        TokenFault::PinInReference => Code::SecretInReference,
        TokenFault::PinNeeded => Code::PinNeeded,
        TokenFault::PinRefused | TokenFault::PinLocked => Code::PinRefused,
        _ => Code::TokenUnusable,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error[{}]: {}", self.code.id(), self.says())?;
        for line in &self.list {
            writeln!(f, "  {line}")?;
        }
        write!(
            f,
            "  what it means: {}\n  what to do:    {}",
            self.code.title(),
            self.next()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let ids: Vec<_> = Code::ALL.iter().map(|code| code.id()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
    }

    #[test]
    fn a_failure_is_the_same_on_the_other_side_of_a_pipe() {
        for code in Code::ALL {
            let failure = Failure::new(*code, "test")
                .because("a cause")
                .with_list(vec!["a line".to_owned()]);
            let text = serde_json::to_string(&failure).unwrap();
            let back: Failure = serde_json::from_str(&text).unwrap();
            assert_eq!((back.code(), back.to_string()), (*code, failure.to_string()));
        }
        assert!(serde_json::from_str::<Code>("\"TM0000\"").is_err());
    }
}

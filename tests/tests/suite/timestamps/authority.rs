//! Authorities for tests: certificates and keys by OpenSSL; time-stamps and answers about revocation by OpenSSL, or, where
//! the time matters, put together here and signed by OpenSSL; and a web server in front of them.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::format_description;
use touchmark_signing::Certificate;
use touchmark_signing::timestamp::{NoAnswer, TimestampAuthority};
use x509_cert::der::{AnyRef, Decode, Encode, Reader};

/// What a certificate of a time-stamp authority says.
pub const STAMPS: &str = "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping";

/// Whether OpenSSL is there. In CI its absence must not pass for a success.
pub fn openssl_is_there() -> bool {
    let there = Command::new("openssl").arg("version").output().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "CI needs openssl");
    if !there {
        eprintln!("openssl is not installed: nothing was checked");
    }
    there
}

/// A root and what it issued, in a folder of its own.
#[derive(Debug)]
pub struct Pki {
    folder: TempDir,
    busy: Mutex<()>,
}

/// The kinds of keys of an authority.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Ec,
    Rsa,
}

impl Pki {
    /// A root, and `leaf.pem` with `leaf.key` below it.
    pub fn new(kind: Kind, extensions: &str) -> Self {
        let pki = Self {
            // Those of statics are never dropped; `cargo clean` takes them.
            folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap(),
            busy: Mutex::default(),
        };
        pki.key("root.key", Kind::Ec);
        let root = [
            "req", "-new", "-x509", "-key", "root.key", "-out", "root.pem", "-days", "3652",
        ];
        pki.openssl(&[&root[..], &["-subj", "/O=Example Authority/CN=Root"]].concat());
        pki.issue("leaf", kind, extensions, 200);
        let config = "[t]\nserial=serial\ndefault_policy=1.2.3.4\ndigests=sha256\nsigner_digest=sha256\n\
                      [strict]\nserial=serial\ndefault_policy=1.2.3.4\ndigests=sha512\nsigner_digest=sha256\n";
        fs::write(pki.path("ts.cnf"), config).unwrap();
        fs::write(pki.path("serial"), "01").unwrap();
        pki
    }

    /// One for time-stamps.
    pub fn for_timestamps(kind: Kind) -> Self {
        Self::new(kind, STAMPS)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn pem(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn leaf(&self) -> Certificate {
        Certificate::from_pem(&self.pem("leaf.pem")).unwrap()
    }

    fn key(&self, name: &str, kind: Kind) {
        let how: [&str; 3] = match kind {
            Kind::Ec => ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Kind::Rsa => ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        };
        self.openssl(&[&["genpkey", "-out", name, "-algorithm"][..], &how].concat());
    }

    /// `NAME.pem` and `NAME.key`.
    pub fn issue(&self, name: &str, kind: Kind, extensions: &str, days: u32) {
        let file = |extension: &str| format!("{name}.{extension}");
        self.key(&file("key"), kind);
        let subject = format!("/O=Example Authority/CN={name}");
        self.openssl(&["req", "-new", "-key", &file("key"), "-subj", &subject, "-out", "csr"]);
        let extensions = format!("{extensions}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
        fs::write(self.path("ext"), extensions).unwrap();
        let days = days.to_string();
        let by = [
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-extfile",
            "ext",
        ];
        let what = ["x509", "-req", "-in", "csr", "-days", &days, "-out", &file("pem")];
        self.openssl(&[&what[..], &by].concat());
    }

    /// OpenSSL's answer to a request for a time-stamp.
    pub fn reply(&self, query: &[u8]) -> Vec<u8> {
        self.reply_in("t", query)
    }

    /// OpenSSL's refusal: this authority takes no SHA-256.
    pub fn refusal(&self, query: &[u8]) -> Vec<u8> {
        self.reply_in("strict", query)
    }

    fn reply_in(&self, section: &str, query: &[u8]) -> Vec<u8> {
        let _busy = self.busy.lock().unwrap();
        fs::write(self.path("query"), query).unwrap();
        let by = ["-signer", "leaf.pem", "-inkey", "leaf.key", "-chain", "root.pem"];
        let what = [
            "ts",
            "-reply",
            "-config",
            "ts.cnf",
            "-section",
            section,
            "-queryfile",
            "query",
        ];
        self.openssl(&[&what[..], &by, &["-out", "reply"]].concat());
        fs::read(self.path("reply")).unwrap()
    }

    /// An answer with a time of our choice, by the key of this name; its certificate must be P-256.
    pub fn reply_at(&self, query: &[u8], time: OffsetDateTime, signer: &str) -> Vec<u8> {
        const SHA256: &[u8] = &[0x30, 0x0B, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
        const ECDSA: &[u8] = &[0x30, 0x0A, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];
        const TST_INFO: &[u8] = &[6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 4];
        let (imprint, nonce) = asked(query);
        let stated = time
            .format(format_description!("[year][month][day][hour][minute][second]Z"))
            .unwrap();
        let policy = [6, 3, 0x2A, 3, 4];
        let info = tlv(
            0x30,
            &[
                &[2, 1, 1],
                &policy,
                &imprint,
                &[2, 1, 7],
                &tlv(0x18, &[stated.as_bytes()]),
                &nonce,
            ],
        );
        let certificate = Certificate::from_pem(&self.pem(&format!("{signer}.pem"))).unwrap();
        let parsed = x509_cert::Certificate::from_der(certificate.der()).unwrap();
        let (issuer, serial) = (
            parsed.tbs_certificate().issuer(),
            parsed.tbs_certificate().serial_number(),
        );

        let attribute = |id: &[u8], value: &[u8]| tlv(0x30, &[id, &tlv(0x31, &[value])]);
        let digest = |bytes: &[u8]| tlv(4, &[&Sha256::digest(bytes)]);
        let pkcs9 = [6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9];
        let binding = [6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47];
        // SHA-256 is the default of ESSCertIDv2.
        let named = tlv(0x30, &[&tlv(0x30, &[&tlv(0x30, &[&digest(certificate.der())])])]);
        let mut attributes = [
            attribute(&[&pkcs9[..], &[3]].concat(), TST_INFO),
            attribute(&[&pkcs9[..], &[4]].concat(), &digest(&info)),
            attribute(&binding, &named),
        ];
        attributes.sort();
        let attributes: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();

        let who = tlv(0x30, &[&issuer.to_der().unwrap(), &serial.to_der().unwrap()]);
        let signature = tlv(4, &[&self.sign(&tlv(0x31, &attributes), signer)]);
        let signer = tlv(
            0x30,
            &[&[2, 1, 1], &who, SHA256, &tlv(0xA0, &attributes), ECDSA, &signature],
        );
        let content = tlv(0x30, &[TST_INFO, &tlv(0xA0, &[&tlv(4, &[&info])])]);
        let certificates = tlv(0xA0, &[certificate.der()]);
        let data = tlv(
            0x30,
            &[
                &[2, 1, 3],
                &tlv(0x31, &[SHA256]),
                &content,
                &certificates,
                &tlv(0x31, &[&signer]),
            ],
        );
        let signed_data = [&pkcs9[..9], &[7, 2]].concat();
        let token = tlv(0x30, &[&signed_data, &tlv(0xA0, &[&data])]);
        tlv(0x30, &[&tlv(0x30, &[&[2, 1, 0]]), &token])
    }

    fn sign(&self, message: &[u8], signer: &str) -> Vec<u8> {
        let _busy = self.busy.lock().unwrap();
        fs::write(self.path("message"), message).unwrap();
        let key = format!("{signer}.key");
        self.openssl(&["dgst", "-sha256", "-sign", &key, "-out", "signature", "message"]);
        fs::read(self.path("signature")).unwrap()
    }

    /// OpenSSL's answer to a question about `leaf.pem`, which is in the index as `entry`, signed as `signer`.
    pub fn revocation(&self, question: &[u8], entry: Entry, signer: &str) -> Vec<u8> {
        let _busy = self.busy.lock().unwrap();
        let serial = match entry {
            Entry::Unknown => "01".to_owned(),
            // Without the octet that only tells the sign.
            _ => self.leaf().serial_hex().trim_start_matches("00").to_uppercase(),
        };
        let (state, since) = match entry {
            Entry::Revoked => ("R", "260101000000Z,keyCompromise"),
            _ => ("V", ""),
        };
        let line = format!("{state}\t560101000000Z\t{since}\t{serial}\tunknown\t/CN=x\n");
        fs::write(self.path("index"), line).unwrap();
        fs::write(self.path("question"), question).unwrap();
        let (certificate, key) = (format!("{signer}.pem"), format!("{signer}.key"));
        let what = [
            "ocsp", "-index", "index", "-CA", "root.pem", "-reqin", "question", "-ndays", "7",
        ];
        let by = ["-rsigner", &certificate, "-rkey", &key, "-respout", "answer"];
        self.openssl(&[&what[..], &by].concat());
        fs::read(self.path("answer")).unwrap()
    }

    fn openssl(&self, args: &[&str]) {
        let output = Command::new("openssl")
            .current_dir(self.folder.path())
            .args(args)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {args:?}: {said}");
    }
}

/// What an index says of a certificate.
#[derive(Debug, Clone, Copy)]
pub enum Entry {
    Good,
    Revoked,
    Unknown,
}

/// An authority that is asked without a network.
pub struct Direct<F>(pub F);

impl<F> std::fmt::Debug for Direct<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Direct")
    }
}

impl<F: Fn(&[u8]) -> Vec<u8> + Send + Sync> TimestampAuthority for Direct<F> {
    fn name(&self) -> &str {
        "direct"
    }

    fn request(&self, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Ok(self.0(request))
    }
}

/// The imprint and the nonce of a request, as they stand in it.
pub fn asked(query: &[u8]) -> (Vec<u8>, Vec<u8>) {
    AnyRef::from_der(query)
        .unwrap()
        .sequence(|reader: &mut x509_cert::der::SliceReader<'_>| {
            AnyRef::decode(reader)?;
            let imprint = AnyRef::decode(reader)?.to_der()?;
            let nonce = AnyRef::decode(reader)?.to_der()?;
            while !reader.is_finished() {
                AnyRef::decode(reader)?;
            }
            Ok::<_, x509_cert::der::Error>((imprint, nonce))
        })
        .unwrap()
}

/// Tag, length and value (X.690, 8.1).
fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let value = parts.concat();
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    let head = match value.len() {
        0..0x80 => vec![tag, length[1]],
        0x80..0x100 => vec![tag, 0x81, length[1]],
        _ => vec![tag, 0x82, length[0], length[1]],
    };
    [head, value].concat()
}

/// What a web server answers.
#[derive(Debug)]
pub enum Reply {
    Body(Vec<u8>),
    Status(u16),
    RedirectTo(String),
    /// Half of this body, then nothing.
    Half(Vec<u8>),
    /// Nothing, for longer than anybody waits.
    Silence,
}

/// Starts a web server on this machine that answers each `POST`, for as long as the tests run. Gives its address.
pub fn serve(mut answer: impl FnMut(&[u8]) -> Reply + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let body = body(&mut stream);
            // Whoever has gone away is not answered.
            let _ = write(&mut stream, answer(&body));
        }
    });
    address
}

fn body(stream: &mut TcpStream) -> Vec<u8> {
    let (mut read, mut byte) = (Vec::new(), [0]);
    while !read.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        read.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&read).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap_or_default();
    body
}

fn write(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    let head = |status: u16, more: &str, length: usize| {
        format!("HTTP/1.1 {status} x\r\n{more}connection: close\r\ncontent-length: {length}\r\n\r\n").into_bytes()
    };
    match reply {
        Reply::Body(body) => stream.write_all(&[head(200, "", body.len()), body].concat()),
        Reply::Status(status) => stream.write_all(&head(status, "", 0)),
        Reply::RedirectTo(address) => stream.write_all(&head(302, &format!("location: {address}\r\n"), 0)),
        Reply::Half(body) => stream.write_all(&[head(200, "", body.len()), body[..body.len() / 2].to_vec()].concat()),
        Reply::Silence => {
            thread::sleep(Duration::from_secs(60));
            Ok(())
        }
    }
}

//! Files of the formats that touchmark reads and does not stamp, each with XMP that says "made by AI", signed by c2pa as a
//! model's work with the committed test identity, and changed after that. `generate-formats` writes those to
//! `fixtures/formats/` that are not there. They stay as they were written, for c2pa names each manifest at random.

use std::error::Error;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use c2pa::{Builder, Context, Settings};
use serde_json::json;
use touchmark::{Format, Signer};

use crate::forge::Made;
use crate::forge::jumbf::boxed;
use crate::hostile::edit::find;
use crate::peer::CoseSigner;
use crate::{keys, labelled};

/// In the XMP of each of these files.
const GENERATED: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

/// The user type of the box that holds a store, its version and flags (C2PA 2.2, A.5.1).
const STORE_BOX: &[u8] = b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81\0\0\0\0";

/// The folder the files are committed in.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/formats"))
}

/// Files, each with what tells it from the others.
pub type Files<K> = Result<Vec<(K, Vec<u8>)>, Box<dyn Error>>;

/// Every file of the folder: name and bytes.
///
/// # Errors
/// Those of c2pa; none is expected.
pub fn files() -> Files<String> {
    let mut files = Vec::new();
    for (format, source) in sources()? {
        let name = format.extensions().first().ok_or("a format without an extension")?;
        let signed = signed(keys::test_signer()?, format, &source)?;
        let mut changed = signed.clone();
        change_label(&mut changed)?;
        if format == Format::Avif {
            // What a hash over boxes leaves out: more names of brands, which are none, and a store for no known purpose.
            let brands = boxed(*b"ftyp", &b"hidden. ".repeat(20));
            let purpose = boxed(*b"uuid", &[STORE_BOX, b"hidden. \0", &b"hidden. ".repeat(20)].concat());
            files.push(("brands-added.avif".to_owned(), [&signed[..], &brands].concat()));
            files.push(("store-box-added.avif".to_owned(), [&signed[..], &purpose].concat()));
        }
        if format == Format::Gif {
            files.push(("store-drawn-out.gif".to_owned(), drawn_out(signed.clone())?));
        }
        files.push((format!("signed.{name}"), signed));
        files.push((format!("changed.{name}"), changed));
    }
    Ok(files)
}

/// A file of each format, without credentials: those of `fixtures/labelled/`. HEIF of another coding is signed as HEIC is.
///
/// # Errors
/// Those of the encoders; none is expected.
pub fn sources() -> Files<Format> {
    Format::ALL
        .into_iter()
        .filter(|format| !format.supports_stamping() && *format != Format::Heif)
        .map(|format| {
            let extension = format.extensions().first().ok_or("a format without an extension")?;
            let name = format!("xmp.{extension}");
            let case = labelled::cases().find(|case| case.name == name);
            Ok((format, case.ok_or(name)?.bytes()?))
        })
        .collect()
}

/// Changes the last letter of what the XMP says; the same words stand in the manifest.
///
/// # Errors
/// Where there is no such XMP.
pub fn change_label(file: &mut [u8]) -> Result<(), Box<dyn Error>> {
    let is_in_xmp = |part: &[u8]| {
        let behind = part.strip_prefix(GENERATED.as_bytes());
        behind.is_some_and(|behind| matches!(behind, b"<" | b"\""))
    };
    let at = file
        .windows(GENERATED.len() + 1)
        .position(is_in_xmp)
        .ok_or("no label")?;
    file[at + GENERATED.len() - 1] ^= 1;
    Ok(())
}

/// Makes the end of the extension that has a GIF's store a block of the byte behind it, so that the extension goes on over the
/// one with the XMP, which is then found nowhere.
fn drawn_out(mut gif: Vec<u8>) -> Made {
    const NAME: &[u8] = b"C2PA_GIF";
    // The name and a code of three bytes stand in a block of their own.
    let mut at = find(&gif, NAME)? + NAME.len() + 3;
    while let Some(length @ 1..) = gif.get(at) {
        at += usize::from(*length) + 1;
    }
    *gif.get_mut(at).ok_or("an extension without an end")? = 1;
    Ok(gif)
}

/// Signed by c2pa as the work of a model.
///
/// # Errors
/// Those of c2pa; none is expected.
pub fn signed(signer: Signer, format: Format, source: &[u8]) -> Made {
    let settings =
        json!({ "verify": { "verify_after_sign": false }, "builder": { "thumbnail": { "enabled": false } } });
    let settings = Settings::new().with_json(&settings.to_string())?;
    let context = Arc::new(Context::new().with_settings(settings)?);
    let definition = json!({
        "claim_version": 2,
        "claim_generator_info": [{ "name": "a generator", "version": "1", "specVersion": "2.4.0" }],
        "format": format.mime_type(),
        "assertions": [{ "label": "c2pa.actions.v2", "kind": "Cbor", "created": true, "data": {
            "allActionsIncluded": true,
            "actions": [{ "action": "c2pa.created", "digitalSourceType": GENERATED }],
        } }],
    });
    let mut signed = Cursor::new(Vec::new());
    Builder::from_shared_context(&context)
        .with_definition(definition)?
        .sign(
            &CoseSigner(signer),
            format.mime_type(),
            &mut Cursor::new(source),
            &mut signed,
        )?;
    Ok(signed.into_inner())
}

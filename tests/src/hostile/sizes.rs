//! Too much of what is allowed: histories, references and records that cost their reader more than their writer. The
//! largest are made when they are needed and lie in no folder.

use coset::cbor::Value;

use super::edit::{chunk, chunks, insert, png, replace, segment};
use super::{Case, Made, case, draft, picture, signed, stranger};
use crate::forge::jumbf::{STORE, boxed, superbox};
use crate::forge::{Assertion, Draft, Seal, Sealed, actions, created, map, opening, sign_into, text, urn};

pub(super) const CASES: &[Case] = &[
    case("ingredient-of-itself.jpg", ingredient_of_itself),
    case("ingredients-shared-9-deep.jpg", ingredients_shared),
    case("ingredient-referred-to-60-times.jpg", ingredient_referred_to_60_times),
    case("compressed-manifest-of-64-mebibytes.png", compressed_bomb),
    case("compressed-manifest-cut-off.png", compressed_cut_off),
    case("idat-empty-500-times.png", idat_empty_500_times),
];

/// What is too large to be kept: made by the tests that need it.
pub const LARGE: &[Case] = &[
    case("ingredients-1000-deep.jpg", ingredients_1000_deep),
    case(
        "ingredient-referred-to-5000-times.jpg",
        ingredient_referred_to_5000_times,
    ),
    case("assertions-10000.jpg", || with_notes("10,000 assertions", 10_000)),
    case("assertions-900.jpg", || with_notes("900 assertions", 900)),
    case(
        "assertion-of-a-mebibyte-claimed-20-times.jpg",
        mebibyte_claimed_20_times,
    ),
    case(
        "ingredient-of-300-assertions-referred-to-500-times.jpg",
        large_ingredient,
    ),
    case("actions-1000-among-1000-ingredients.jpg", actions_among_ingredients),
    case("actions-100000.jpg", actions_100000),
    case("recorded-failures-38400.jpg", recorded_failures_38400),
    case("redactions-3000.jpg", redactions_3000),
    case("stores-100000.jpg", stores_100000),
    case("stores-100000.webp", stores_100000_between_frames),
    case("extended-xmp-of-20000-lengths.jpg", extended_xmp_of_20000_lengths),
    case("actions-and-templates-5000.jpg", actions_and_templates_5000),
    case("brotli-of-30000-boxes.jxl", brotli_of_30000_boxes),
    case("compressed-manifests-5000.heic", compressed_manifests_5000),
    case("exif-of-36-long-fields.png", exif_of_36_long_fields),
];

/// A manifest that names itself as what it was made from; no hash of it can be right.
fn ingredient_of_itself() -> Made {
    let mut draft = draft("ingredient of itself")?;
    let unfinished = draft.seal(None)?;
    draft.assertions = opening(unfinished.as_ingredient("parentOf")?)?;
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// Each manifest is made from the one below it, twice: 512 ways to the first.
fn ingredients_shared() -> Made {
    let mut below = vec![draft("shared 0")?.seal(None)?];
    for level in 1..=9 {
        below.push(twice(&format!("shared {level}"), below.last())?.seal(None)?);
    }
    sign_into(&picture("flat.jpg")?, &twice("shared", below.last())?, &below)
}

fn twice(name: &str, below: Option<&Sealed>) -> Result<Draft, Box<dyn std::error::Error>> {
    referring(name, below.ok_or("nothing below")?, 2)
}

fn ingredient_referred_to_60_times() -> Made {
    referred_to(60)
}

/// Each reference asks for another check of the ingredient's signature.
fn ingredient_referred_to_5000_times() -> Made {
    referred_to(5000)
}

fn referred_to(times: usize) -> Made {
    let ingredient = draft("referred to")?.seal(None)?;
    let draft = referring(&format!("referring {times} times"), &ingredient, times)?;
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

/// A manifest that names another as an ingredient so many times.
fn referring(name: &str, below: &Sealed, times: usize) -> Result<Draft, Box<dyn std::error::Error>> {
    let mut draft = draft(name)?;
    let reference = below.as_ingredient("componentOf")?;
    for number in 1..=times {
        let mut again = reference.clone();
        if number > 1 {
            again.label = format!("{}__{}", reference.label, number - 1);
        }
        draft.assertions.push(again);
    }
    Ok(draft)
}

/// Hundreds of references to one ingredient, each with as many failures as are read, no two of them alike.
fn recorded_failures_38400() -> Made {
    let ingredient = draft("failing in many ways")?.seal(None)?;
    let mut draft = draft("38,400 recorded failures")?;
    for number in 0..600 {
        let codes: Vec<String> = (0..64).map(|code| format!("failure.{number}.{code}")).collect();
        let failures: Vec<_> = codes.iter().map(|code| (code.as_str(), "c2pa.actions.v2")).collect();
        let mut reference = ingredient.as_ingredient_failing("componentOf", &failures)?;
        reference.label = format!("{}__{}", reference.label, number + 1);
        draft.assertions.push(reference);
    }
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

/// A thousand edits, each of the one before.
fn ingredients_1000_deep() -> Made {
    let mut below = vec![draft("deep 0")?.seal(None)?];
    for level in 1..1000 {
        below.push(edit_of(&format!("deep {level}"), below.last())?.seal(None)?);
    }
    sign_into(&picture("flat.jpg")?, &edit_of("deep", below.last())?, &below)
}

fn edit_of(name: &str, parent: Option<&Sealed>) -> Result<Draft, Box<dyn std::error::Error>> {
    let mut draft = Draft::new(name, None, Seal::of(&stranger()?));
    draft.assertions = opening(parent.ok_or("no parent")?.as_ingredient("parentOf")?)?;
    Ok(draft)
}

fn with_notes(name: &str, count: usize) -> Made {
    let mut draft = draft(name)?;
    draft.assertions.extend(notes(count)?);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn notes(count: usize) -> Result<Vec<Assertion>, Box<dyn std::error::Error>> {
    let note = |number| {
        Assertion::new(
            &format!("org.example.note__{number}"),
            &map([("note", text("nothing"))]),
        )
    };
    (1..=count).map(note).collect()
}

/// The reader keeps a copy for each time, its bytes as numbers.
fn mebibyte_claimed_20_times() -> Made {
    let mut draft = draft("a mebibyte claimed 20 times")?;
    let large = map([("note", Value::Bytes(vec![0; 1 << 20]))]);
    let mut large = Assertion::new("org.example.note", &large)?;
    draft.assertions.push(large.clone());
    large.stored = false;
    draft.assertions.extend(vec![large; 19]);
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// Each reference has the ingredient's assertions held against each other again.
fn large_ingredient() -> Made {
    let mut large = draft("300 assertions")?;
    large.assertions.extend(notes(300)?);
    let ingredient = large.seal(None)?;
    let draft = referring("referring 500 times", &ingredient, 500)?;
    sign_into(&picture("flat.jpg")?, &draft, &[ingredient])
}

/// The reader looks at all ingredients for each action.
fn actions_among_ingredients() -> Made {
    let mut draft = draft("1,000 actions among 1,000 ingredients")?;
    let mut done = vec![created(Some(super::GENERATED))];
    done.extend(vec![map([("action", text("c2pa.placed"))]); 1000]);
    draft.assertions = vec![actions(done)?];
    let ingredient = map([("relationship", text("componentOf"))]);
    for number in 1..=1000 {
        let label = format!("c2pa.ingredient.v3__{number}");
        draft.assertions.push(Assertion::new(&label, &ingredient)?);
    }
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn actions_100000() -> Made {
    let mut draft = draft("100,000 actions")?;
    let mut done = vec![created(Some(super::GENERATED))];
    done.extend(vec![map([("action", text("c2pa.edited"))]); 100_000]);
    draft.assertions = vec![actions(done)?];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// Actions that each are searched for among as many templates.
fn actions_and_templates_5000() -> Made {
    let mut draft = draft("5,000 actions and templates")?;
    let named = |number: i32| map([("action", text(&format!("org.example.{number}")))]);
    let done = std::iter::once(created(Some(super::GENERATED))).chain((0..5000).map(named));
    let templates = (0..5000).rev().map(named);
    let parts = [("actions", done.collect()), ("templates", templates.collect())];
    let all = map(parts.map(|(name, list)| (name, Value::Array(list))));
    draft.assertions = vec![Assertion::new("c2pa.actions.v2", &all)?];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// Thousands of manifests that nobody took in, from each of which something is said to be redacted.
fn redactions_3000() -> Made {
    let mut older = draft("redacted")?;
    older.version_1 = true;
    let one = older.seal(None)?;
    let mut draft = draft("3,000 redactions")?;
    let mut others = Vec::new();
    for number in 0..3000 {
        let mut other = one.clone();
        other.label = urn(&format!("redacted {number}"));
        other.bytes = replace(other.bytes, one.label.as_bytes(), other.label.as_bytes())?;
        let address = format!("self#jumbf=/c2pa/{}/c2pa.assertions/org.example.note", other.label);
        draft.redactions.push(address);
        others.push(other);
    }
    sign_into(&picture("flat.jpg")?, &draft, &others)
}

/// Stores that are empty, each under an instance of its own, again and again.
fn stores_100000() -> Made {
    let empty = superbox(STORE, "c2pa", &[]);
    let stores = (0..100_000_u32).flat_map(|number| {
        let instance = (number as u16).to_be_bytes();
        segment(0xEB, &[b"JP", &instance[..], &[0, 0, 0, 1], &empty].concat())
    });
    Ok(insert(picture("flat.jpg")?, 2, &stores.collect::<Vec<u8>>()))
}

/// Stores that are empty, all of them before the frames of an animated picture that are empty as well.
fn stores_100000_between_frames() -> Made {
    let head = [&b"VP8X\x0A\0\0\0\x02\0\0\0"[..], &[255, 0, 0, 255, 0, 0]].concat();
    let body = [
        b"WEBP",
        &head[..],
        &b"C2PA\0\0\0\0".repeat(100_000),
        &b"ANMF\0\0\0\0".repeat(100_000),
    ]
    .concat();
    Ok([b"RIFF", &u32::try_from(body.len())?.to_le_bytes()[..], &body].concat())
}

/// Portions of extended XMP that call the whole long and empty in turns.
fn extended_xmp_of_20000_lengths() -> Made {
    let portions = (0..20_000_u32).flat_map(|number| {
        let length = (number % 2) << 24;
        let numbers = [length.to_be_bytes(), [0; 4]].concat();
        segment(
            0xE1,
            &[b"http://ns.adobe.com/xmp/extension/\0", &[b'A'; 32][..], &numbers].concat(),
        )
    });
    Ok(insert(picture("flat.jpg")?, 2, &portions.collect::<Vec<u8>>()))
}

/// Compressed boxes of four bytes under a window of 16 MiB each.
fn brotli_of_30000_boxes() -> Made {
    let window_of_24_bits = b"\x8F\x01\x80<x/>\x03";
    let compressed = boxed(*b"brob", &[b"xml ", &window_of_24_bits[..]].concat());
    Ok([
        boxed(*b"JXL ", b"\r\n\x87\n"),
        boxed(*b"ftyp", b"jxl \0\0\0\0jxl "),
        compressed.repeat(30_000),
        boxed(*b"jxlc", b"\xFF\x0A"),
    ]
    .concat())
}

/// Compressed manifests of four bytes under a window of 16 MiB each, in a picture whose store is looked into beforehand.
fn compressed_manifests_5000() -> Made {
    let stream = b"\x8F\x01\x80<x/>\x03";
    let manifest = superbox(*b"c2cm", &urn("compressed"), &boxed(*b"brob", stream));
    let store = superbox(STORE, "c2pa", &manifest.repeat(5000));
    let head = b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81\0\0\0\0manifest\0\0\0\0\0\0\0\0\0";
    let content = boxed(*b"uuid", &[&head[..], &store].concat());
    Ok([boxed(*b"ftyp", b"heic\0\0\0\0mif1heic"), content].concat())
}

/// Fields of EXIF that all name the same megabyte, which is no UTF-8.
fn exif_of_36_long_fields() -> Made {
    const MIB: u32 = 1 << 20;
    const TAGS: [u16; 9] = [0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298, 0x9286, 0x9C9C];
    let fields = TAGS.iter().flat_map(|tag| [tag; 4]);
    let mut exif = b"MM\0*\0\0\0\x08\0\x24".to_vec();
    for tag in fields {
        exif.extend([&tag.to_be_bytes()[..], b"\0\x07", &MIB.to_be_bytes(), &[0, 0, 2, 0]].concat());
    }
    exif.resize(512 + MIB as usize, 0xE9);
    Ok(insert(picture("palette.png")?, AFTER_HEADER, &chunk(*b"eXIf", &exif)))
}

/// A compressed manifest (C2PA 2.2, 11.2.4): under a kilobyte that becomes 64 MiB of zeros.
fn compressed_bomb() -> Made {
    compressed(brotli_of_zeros(64 << 20)?)
}

fn compressed_cut_off() -> Made {
    let mut stream = brotli_of_zeros(1 << 20)?;
    stream.truncate(stream.len() / 2);
    compressed(stream)
}

fn compressed(stream: Vec<u8>) -> Made {
    let manifest = superbox(*b"c2cm", &urn("compressed"), &boxed(*b"brob", &stream));
    let store = superbox(STORE, "c2pa", &manifest);
    Ok(insert(picture("palette.png")?, AFTER_HEADER, &chunk(*b"caBX", &store)))
}

/// Where a PNG's store goes: behind IHDR.
const AFTER_HEADER: usize = 33;

fn brotli_of_zeros(octets: usize) -> Made {
    let mut stream = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 5,
        ..Default::default()
    };
    brotli::BrotliCompress(
        &mut std::io::Read::take(std::io::repeat(0), octets as u64),
        &mut stream,
        &parameters,
    )?;
    Ok(stream)
}

/// Chunks that a reader walks through for nothing, put there after signing.
fn idat_empty_500_times() -> Made {
    let mut chunks = chunks(&signed("palette.png")?)?;
    let at = chunks.iter().position(|(name, _)| name == b"IDAT").ok_or("no IDAT")?;
    chunks.splice(at..at, vec![(*b"IDAT", Vec::new()); 500]);
    Ok(png(&chunks))
}

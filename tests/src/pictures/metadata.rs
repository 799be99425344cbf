//! A small Exif block and a small colour profile for the fixture pictures; nothing in them points to a person, a
//! place or a camera.

/// Exif (TIFF structure, big-endian) with an orientation, a software name and a date.
pub(super) fn exif(orientation: u16) -> Vec<u8> {
    const SOFTWARE: &[u8; 20] = b"touchmark fixtures\0\0";
    const DATE: &[u8; 20] = b"2026:01:01 00:00:00\0";
    const DIRECTORY: u32 = 8;
    const ENTRIES: u16 = 3;
    let values = DIRECTORY + 2 + 12 * u32::from(ENTRIES) + 4;
    let [o1, o0] = orientation.to_be_bytes();
    let mut out = b"MM\0*".to_vec();
    out.extend_from_slice(&DIRECTORY.to_be_bytes());
    out.extend_from_slice(&ENTRIES.to_be_bytes());
    // tag, type (3 SHORT, 2 ASCII), count, value or offset (TIFF 6.0, section 2)
    let mut entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        out.extend_from_slice(&tag.to_be_bytes());
        out.extend_from_slice(&kind.to_be_bytes());
        out.extend_from_slice(&count.to_be_bytes());
        out.extend_from_slice(&value);
    };
    entry(0x0112, 3, 1, [o1, o0, 0, 0]);
    entry(0x0131, 2, SOFTWARE.len() as u32, values.to_be_bytes());
    entry(
        0x0132,
        2,
        DATE.len() as u32,
        (values + SOFTWARE.len() as u32).to_be_bytes(),
    );
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(SOFTWARE);
    out.extend_from_slice(DATE);
    out
}

/// An ICC v2 display profile with the primaries of Display P3 and a gamma of 2.2, so that losing it shows.
pub(super) fn wide_profile() -> Vec<u8> {
    // XYZ relative to D50 in 16.16 fixed point (SMPTE EG 432-1, adapted by Bradford)
    let xyz = |x: i32, y: i32, z: i32| {
        [
            b"XYZ \0\0\0\0".as_slice(),
            &x.to_be_bytes(),
            &y.to_be_bytes(),
            &z.to_be_bytes(),
        ]
        .concat()
    };
    let curve = b"curv\0\0\0\0\0\0\0\x01\x02\x33\0\0".to_vec();
    let name = b"touchmark wide\0";
    let mut description = b"desc\0\0\0\0".to_vec();
    description.extend_from_slice(&(name.len() as u32).to_be_bytes());
    description.extend_from_slice(name);
    // no Unicode or ScriptCode description: language, count, code, count, 67 bytes
    description.resize(description.len() + 4 + 4 + 2 + 1 + 67, 0);
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description),
        (b"cprt", b"text\0\0\0\0CC0\0".to_vec()),
        (b"wtpt", xyz(0xF6D6, 0x1_0000, 0xD32D)),
        (b"rXYZ", xyz(0x83DF, 0x3DBF, -0x45)),
        (b"gXYZ", xyz(0x4ABF, 0xB137, 0x0AB9)),
        (b"bXYZ", xyz(0x2838, 0x110B, 0xC8B9)),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    assemble(&tags)
}

/// Header, tag table and tag data of a profile (ICC.1:2001-04, section 6).
fn assemble(tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    const HEADER: usize = 128;
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let data_start = HEADER + 4 + 12 * tags.len();
    for (name, content) in tags {
        table.extend_from_slice(*name);
        table.extend_from_slice(&((data_start + data.len()) as u32).to_be_bytes());
        table.extend_from_slice(&(content.len() as u32).to_be_bytes());
        data.extend_from_slice(content);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut out = ((data_start + data.len()) as u32).to_be_bytes().to_vec();
    out.extend_from_slice(b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    out.extend_from_slice(b"\x07\xEA\0\x01\0\x01\0\0\0\0\0\0acsp");
    // platform, flags, device, attributes and rendering intent are left at zero
    out.resize(68, 0);
    out.extend_from_slice(b"\0\0\xF6\xD6\0\x01\0\0\0\0\xD3\x2D");
    out.resize(HEADER, 0);
    [out, table, data].concat()
}

//! The 64 bits that a mark says: whom to ask, and for what.

use std::{error::Error, fmt, str::FromStr};

const SERIAL_BITS: u32 = 40;

/// What a mark says: 24 bits of issuer, which lead to the provider, and 40 bits of serial, which the provider allots.
///
/// It is a pointer to a record and encodes no account and no person. Written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatermarkId(u64);

impl WatermarkId {
    /// Puts an id together; `None` where `issuer` has more than 24 bits or `serial` more than 40.
    pub fn new(issuer: u32, serial: u64) -> Option<Self> {
        (issuer < 1 << (64 - SERIAL_BITS) && serial < 1 << SERIAL_BITS)
            .then_some(Self(u64::from(issuer) << SERIAL_BITS | serial))
    }

    /// The upper 24 bits.
    pub fn issuer(self) -> u32 {
        (self.0 >> SERIAL_BITS) as u32
    }

    /// The lower 40 bits.
    pub fn serial(self) -> u64 {
        self.0 & ((1 << SERIAL_BITS) - 1)
    }
}

impl From<u64> for WatermarkId {
    fn from(bits: u64) -> Self {
        Self(bits)
    }
}

impl From<WatermarkId> for u64 {
    fn from(id: WatermarkId) -> Self {
        id.0
    }
}

impl fmt::Display for WatermarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for WatermarkId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // `from_str_radix` alone would take a sign.
        if text.len() != 16 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAnId);
        }
        u64::from_str_radix(text, 16).map(Self).map_err(|_| NotAnId)
    }
}

/// The text is not 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a watermark id has 16 hexadecimal digits")
    }
}

impl Error for NotAnId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuer_and_serial_share_64_bits() {
        let id = WatermarkId::new(0xABCDEF, 0x12_3456_789A).unwrap();
        assert_eq!(id.to_string(), "abcdef123456789a");
        assert_eq!((id.issuer(), id.serial()), (0xABCDEF, 0x12_3456_789A));
        assert_eq!(WatermarkId::new(1 << 24, 0), None);
        assert_eq!(WatermarkId::new(0, 1 << 40), None);
    }

    #[test]
    fn text_is_16_hexadecimal_digits() {
        assert_eq!("00000000000000Ff".parse(), Ok(WatermarkId(255)));
        for wrong in ["", "ff", "+0000000000000ff", "00000000000000fg", "00000000000000fff"] {
            assert_eq!(wrong.parse::<WatermarkId>(), Err(NotAnId), "{wrong}");
        }
    }
}

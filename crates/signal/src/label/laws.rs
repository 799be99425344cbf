//! What must hold of every label: its height, its contrast, its place, and that nothing else is touched.

use proptest::prelude::*;
use touchmark_image::{Channels, Orientation, Pixels, Samples};

use super::*;
use crate::view::View;

const PLACES: [Place; 8] = [
    Place::TopLeft,
    Place::Top,
    Place::TopRight,
    Place::Left,
    Place::Right,
    Place::BottomLeft,
    Place::Bottom,
    Place::BottomRight,
];

fn words(language: Language) -> Label {
    Label {
        text: Some(Text::ready(language)),
        icon: false,
        place: Place::default(),
    }
}

fn filled(width: u32, height: u32, channels: Channels, sample: impl Fn(usize) -> u8) -> Pixels {
    let length = (width * height) as usize * channels.count();
    Pixels::new(
        width,
        height,
        channels,
        Samples::Eight((0..length).map(sample).collect()),
    )
    .expect("sizes match")
}

fn noise(at: usize) -> u8 {
    ((at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8
}

fn eight(pixels: &Pixels) -> &[u8] {
    let Samples::Eight(samples) = pixels.samples() else {
        panic!("eight bits")
    };
    samples
}

/// Rows of the rectangle in which samples differ from `ground` by more than half the way to the letters.
fn inked_rows(pixels: &Pixels, rectangle: Rectangle, ground: u8) -> Vec<u32> {
    let inked = |y: &u32| {
        let row =
            (rectangle.x..rectangle.x + rectangle.width).map(|x| eight(pixels)[(y * pixels.width() + x) as usize]);
        row.into_iter().any(|sample| sample.abs_diff(ground) > 127)
    };
    (rectangle.y..rectangle.y + rectangle.height).filter(inked).collect()
}

#[test]
fn letters_are_a_twentieth_of_the_shortest_side_in_every_language() {
    for language in Language::ALL {
        for (width, height) in [(900, 700), (700, 1200), (400, 256)] {
            let mut pixels = filled(width, height, Channels::Grey, |_| 0);
            let drawn = draw(&mut pixels, &words(language)).expect("there is room");
            let rows = inked_rows(&pixels, drawn.rectangle, 0);
            let inked = rows.last().expect("letters") - rows.first().expect("letters") + 1;
            let shortest = width.min(height);
            assert!(drawn.letter_height * 20 >= shortest, "{language:?}");
            assert!(
                inked + 1 >= drawn.letter_height,
                "{language:?}: {inked} of {}",
                drawn.letter_height
            );
            assert!(
                inked < 3 * drawn.letter_height,
                "{language:?}: {inked} of {}",
                drawn.letter_height
            );
        }
    }
}

#[test]
fn capitals_of_the_icon_are_of_one_height() {
    let mut pixels = filled(1000, 1000, Channels::Grey, |_| 255);
    let icon = Label {
        text: None,
        icon: true,
        place: Place::TopLeft,
    };
    let drawn = draw(&mut pixels, &icon).expect("there is room");
    let Rectangle { x, y, width, height } = drawn.rectangle;
    // Columns and rows of the ink, frame and all, then of each letter within it.
    let dark = |x: u32, y: u32| eight(&pixels)[(y * 1000 + x) as usize] < 128;
    let columns: Vec<u32> = (x..x + width)
        .filter(|x| (y..y + height).any(|y| dark(*x, y)))
        .collect();
    let (first, last) = (columns[0], columns[columns.len() - 1]);
    let inside = (first + 10, last - 10);
    let rows_of = |from: u32, to: u32| {
        let rows = (y + 36..y + height - 36).filter(|y| (from..to).any(|x| dark(x, *y)));
        let rows: Vec<u32> = rows.collect();
        (rows[0], rows[rows.len() - 1])
    };
    let stem = (inside.0..inside.1)
        .rev()
        .find(|x| dark(*x, y + height / 2))
        .expect("the stem of I");
    let (a, i) = (rows_of(inside.0, stem - 15), rows_of(stem - 3, stem));
    assert_eq!(a, i);
    assert_eq!(a.1 - a.0 + 1, drawn.letter_height);
    // Down the middle of A: apex, counter, bar, foot.
    let legs: Vec<u32> = (inside.0..stem - 15).filter(|x| dark(*x, a.1)).collect();
    let middle = (legs[0] + legs[legs.len() - 1]) / 2;
    let mut tones: Vec<bool> = (a.0..=a.1).map(|y| dark(middle, y)).collect();
    tones.dedup();
    assert_eq!(tones, [true, false, true, false]);
}

#[test]
fn contrast_holds_whatever_lies_beneath() {
    type Ground = (&'static str, fn(usize) -> u8);
    let grounds: [Ground; 5] = [
        ("black", |_| 0),
        ("white", |_| 255),
        ("grey", |_| 118),
        ("busy", noise),
        ("striped", |at| if at / 40 % 2 == 0 { 0 } else { 255 }),
    ];
    for (name, ground) in grounds {
        for channels in [Channels::Grey, Channels::Rgb] {
            let mut pixels = filled(640, 400, channels, ground);
            let drawn = draw(&mut pixels, &words(Language::English)).expect("there is room");
            assert!((4.5..=21.0).contains(&drawn.contrast), "{name}: {drawn:?}");
            assert_eq!(drawn.plate, !matches!(name, "black" | "white"), "{name}");
        }
    }
}

#[test]
fn a_see_through_picture_is_opaque_under_the_label() {
    for channels in [Channels::GreyAlpha, Channels::Rgba] {
        let mut pixels = filled(640, 400, channels, |_| 0);
        let drawn = draw(&mut pixels, &words(Language::English)).expect("there is room");
        assert!(drawn.plate);
        let opaque = eight(&pixels)
            .chunks_exact(channels.count())
            .filter(|pixel| pixel.last() == Some(&255))
            .count();
        assert_eq!(opaque as u32, drawn.rectangle.width * drawn.rectangle.height);
    }
}

#[test]
fn sixteen_bits_look_like_eight() {
    let mut shallow = filled(640, 400, Channels::Rgb, noise);
    let deep = eight(&shallow).iter().map(|sample| u16::from(*sample) * 257).collect();
    let mut deep = Pixels::new(640, 400, Channels::Rgb, Samples::Sixteen(deep)).expect("sizes match");
    let label = words(Language::Hindi);
    let (one, other) = (draw(&mut shallow, &label), draw(&mut deep, &label));
    let rectangle = |drawn: Result<Drawn, Refusal>| drawn.expect("there is room").rectangle;
    assert_eq!(rectangle(one), rectangle(other));
    let Samples::Sixteen(deep) = deep.samples() else {
        panic!("sixteen bits")
    };
    let pairs = eight(&shallow).iter().zip(deep);
    assert!(
        pairs
            .into_iter()
            .all(|(a, b)| (i32::from(*a) * 257 - i32::from(*b)).abs() <= 257)
    );
}

#[test]
fn a_label_is_upright_in_every_orientation() {
    let label = words(Language::German);
    let mut upright = filled(640, 400, Channels::Grey, |_| 30);
    draw(&mut upright, &label).expect("there is room");
    for orientation in [
        Orientation::AsStored,
        Orientation::Mirrored,
        Orientation::Turned180,
        Orientation::Flipped,
        Orientation::Transposed,
        Orientation::Turned90,
        Orientation::Transversed,
        Orientation::Turned270,
    ] {
        let turned = View::new((640, 400), orientation).transposed;
        let (width, height) = if turned { (400, 640) } else { (640, 400) };
        let mut stored = filled(width, height, Channels::Grey, |_| 30);
        let view = View::new((width, height), orientation);
        draw::draw_in(&mut stored, view, &label).expect("there is room");
        for (at, sample) in eight(&upright).iter().enumerate() {
            let (column, row) = view.locate(at as u32 % 640, at as u32 / 640);
            assert_eq!(
                eight(&stored)[(row * width + column) as usize],
                *sample,
                "{orientation:?}"
            );
        }
    }
}

#[test]
fn two_languages_go_one_above_the_other_where_a_line_is_too_long() {
    let label = Label {
        text: Some(Text::with_chinese(Language::English)),
        ..words(Language::English)
    };
    let rectangle = |width, height| {
        draw(&mut filled(width, height, Channels::Grey, |_| 0), &label)
            .expect("there is room")
            .rectangle
    };
    let (wide, narrow) = (rectangle(800, 400), rectangle(130, 400));
    assert!(wide.width > 4 * wide.height, "{wide:?}");
    assert!(narrow.width < 3 * narrow.height, "{narrow:?}");
    assert_eq!(Text::with_chinese(Language::Chinese), Text::ready(Language::Chinese));
}

#[test]
fn what_cannot_be_drawn_is_refused_by_name_and_changes_nothing() {
    let mut pixels = filled(90, 60, Channels::Rgb, noise);
    let before = pixels.clone();
    let refused = draw(&mut pixels, &words(Language::English));
    let Err(Refusal::TooSmall {
        picture: (90, 60),
        needed,
    }) = refused
    else {
        panic!("{refused:?}")
    };
    assert!(needed.0 > 90);
    let empty = Label {
        text: None,
        ..words(Language::English)
    };
    assert_eq!(draw(&mut pixels, &empty), Err(Refusal::Empty));
    assert_eq!(pixels, before);

    assert_eq!(Text::own("  "), Err(Refusal::Empty));
    assert_eq!(Text::own("AI 龘 made 鬱龘"), Err(Refusal::Missing(vec!['龘', '鬱'])));
    assert_eq!(Text::own("two\nlines"), Err(Refusal::Missing(vec!['\n'])));
    assert_eq!(
        Text::own(&"x".repeat(61)),
        Err(Refusal::TooLong { found: 61, allowed: 60 })
    );
    let message = Refusal::Missing(vec!['龘', '\n']).to_string();
    assert_eq!(message, "the label's fonts lack 龘 (U+9F98), \\n (U+000A)");
}

#[test]
fn every_language_of_the_union_can_be_written() {
    for words in [
        "Създадено с ИИ",
        "Generirano UI-jem",
        "Vytvořeno AI",
        "Genereret af AI",
        "Gegenereerd door AI",
        "Loodud AI-ga",
        "Tekoälyn luoma",
        "Δημιουργήθηκε με ΤΝ",
        "MI által készült",
        "Gineadh le hIS",
        "Generato con IA",
        "Radīts ar MI",
        "Sukurta DI",
        "Iġġenerat mill-IA",
        "Wygenerowane przez AI",
        "Gerado por IA",
        "Generat cu IA · ștț",
        "Vytvorené AI",
        "Ustvarjeno z UI",
        "AI-genererad",
        "Створено ШІ",
        "Yapay zekâ ile üretildi",
        "AIで作成された画像",
        "인공지능으로 만든 이미지",
    ] {
        Text::own(words).unwrap_or_else(|refusal| panic!("{words}: {refusal}"));
    }
}

#[test]
fn joined_scripts_are_shaped() {
    let fonts = fonts::Fonts::parse();
    let glyphs = |line: &str| {
        fonts
            .shape(line)
            .iter()
            .flat_map(|run| &run.glyphs)
            .map(|glyph| glyph.id)
            .collect::<Vec<_>>()
    };
    // Letters take other forms in a word than alone; a conjunct is fewer glyphs than its letters.
    let joined = glyphs("ذكاء");
    let alone = ["ذ", "ك", "ا", "ء"].map(|letter| glyphs(letter)[0]);
    assert!(joined.iter().any(|glyph| !alone.contains(glyph)), "{joined:?}");
    assert!(glyphs("द्व").len() < 3);
}

proptest! {
    #[test]
    fn only_the_rectangle_changes(
        (width, height) in (1u32..400, 1u32..400),
        channels in prop::sample::select(vec![Channels::Grey, Channels::GreyAlpha, Channels::Rgb, Channels::Rgba]),
        place in prop::sample::select(PLACES.to_vec()),
        language in prop::sample::select(Language::ALL.to_vec()),
        icon: bool,
    ) {
        let before = filled(width, height, channels, noise);
        let mut after = before.clone();
        let label = Label { icon, place, ..words(language) };
        let rectangle = match draw(&mut after, &label) {
            Ok(drawn) => {
                prop_assert!(drawn.contrast >= 4.5);
                drawn.rectangle
            }
            Err(Refusal::TooSmall { .. }) => Rectangle { x: 0, y: 0, width: 0, height: 0 },
            Err(other) => panic!("{other}"),
        };
        prop_assert!(rectangle.x + rectangle.width <= width && rectangle.y + rectangle.height <= height);
        let count = channels.count();
        let pixels = eight(&before).chunks_exact(count).zip(eight(&after).chunks_exact(count));
        for (at, (before, after)) in pixels.enumerate() {
            let (x, y) = (at as u32 % width, at as u32 / width);
            let within = x.checked_sub(rectangle.x).is_some_and(|x| x < rectangle.width)
                && y.checked_sub(rectangle.y).is_some_and(|y| y < rectangle.height);
            prop_assert!(within || before == after);
        }
    }
}

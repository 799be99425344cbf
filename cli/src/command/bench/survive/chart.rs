//! The outcome of a trial as an SVG chart: a bar an attack, one share recovered, one wrong.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::outcome::{Outcome, Row};

const WIDTH: u32 = 920;
const TOP: i32 = 84;
const BOTTOM: i32 = 56;
const LINE: i32 = 20;
const BAR_LEFT: i32 = 150;
const BAR_RIGHT: i32 = 520;
const FONT: &str = "sans-serif";

const INK: RGBColor = RGBColor(0x22, 0x26, 0x2B);
const PALE: RGBColor = RGBColor(0x5C, 0x63, 0x6B);
const TRACK: RGBColor = RGBColor(0xE6, 0xE9, 0xEC);
const RECOVERED: RGBColor = RGBColor(0x1F, 0x7A, 0x6C);
const WRONG: RGBColor = RGBColor(0xC2, 0x32, 0x2B);

/// The chart. `None` where the drawing library gives up, which it does not for SVG.
pub fn chart(outcome: &Outcome) -> Option<String> {
    let mut svg = String::new();
    draw(outcome, &mut svg).ok()?;
    Some(svg)
}

fn draw(outcome: &Outcome, svg: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let rows = outcome.attacks.len() as i32;
    let height = TOP + rows * LINE + BOTTOM;
    let area = SVGBackend::with_string(svg, (WIDTH, height as u32)).into_drawing_area();
    area.fill(&WHITE)?;
    let write = |text: &str, x: i32, y: i32, size: i32, colour: RGBColor, side: HPos| {
        let style = (FONT, size)
            .into_text_style(&area)
            .color(&colour)
            .pos(Pos::new(side, VPos::Center));
        area.draw(&Text::new(text.to_owned(), (x, y), style))
    };
    let marked = &outcome.marked;
    write("Watermark ids recovered after attacks", 20, 26, 19, INK, HPos::Left)?;
    let subtitle = format!(
        "{} pictures, strength {}, PSNR {:.1} dB, SSIM {:.3}; {} answers on {} unmarked pictures; touchmark {}",
        marked.pictures,
        outcome.strength,
        marked.psnr_mean,
        marked.ssim_mean,
        outcome.unmarked.answers,
        outcome.unmarked.tried,
        outcome.touchmark,
    );
    write(&subtitle, 20, 50, 13, PALE, HPos::Left)?;
    for (number, row) in outcome.attacks.iter().enumerate() {
        let middle = TOP + number as i32 * LINE + LINE / 2;
        write(row.attack, BAR_LEFT - 10, middle, 13, INK, HPos::Right)?;
        for (from, to, colour) in bar(row) {
            let (left, right) = (place(from), place(to));
            let shape = Rectangle::new([(left, middle - 6), (right, middle + 6)], colour.filled());
            area.draw(&shape)?;
        }
        let count = match row.tried {
            0 => "not run".to_owned(),
            tried => format!("{}/{tried}", row.recovered),
        };
        write(&count, BAR_RIGHT + 52, middle, 13, INK, HPos::Right)?;
        write(row.what, BAR_RIGHT + 64, middle, 11, PALE, HPos::Left)?;
    }
    let foot = TOP + rows * LINE + 22;
    for (x, colour, text) in [
        (BAR_LEFT, RECOVERED, "exactly the id that was embedded"),
        (BAR_LEFT + 240, WRONG, "another id"),
        (BAR_LEFT + 340, TRACK, "none"),
    ] {
        area.draw(&Rectangle::new([(x, foot - 6), (x + 12, foot + 6)], colour.filled()))?;
        write(text, x + 18, foot, 12, PALE, HPos::Left)?;
    }
    area.present()?;
    Ok(())
}

/// The parts of a bar: from, to, colour. What is left of the track was not recovered.
fn bar(row: &Row) -> Vec<(f64, f64, RGBColor)> {
    if row.tried == 0 {
        return Vec::new();
    }
    let share = |count: usize| count as f64 / row.tried as f64;
    let (recovered, wrong) = (share(row.recovered), share(row.wrong));
    let mut parts = vec![(0.0, 1.0, TRACK), (0.0, recovered, RECOVERED)];
    if row.wrong > 0 {
        parts.push((1.0 - wrong, 1.0, WRONG));
    }
    parts
}

fn place(share: f64) -> i32 {
    BAR_LEFT + (share * f64::from(BAR_RIGHT - BAR_LEFT)).round() as i32
}

#[cfg(test)]
mod tests {
    use touchmark_attacks::Attack;

    use super::super::outcome::Outcome;
    use super::*;

    #[test]
    fn every_attack_has_its_line() {
        let attacks: Vec<&Attack> = Attack::ALL.iter().collect();
        let mut outcome = Outcome::new(1, "default".into(), &attacks, Vec::new());
        if let Some(row) = outcome.attacks.first_mut() {
            (row.tried, row.recovered, row.wrong) = (8, 5, 1);
        }
        let svg = chart(&outcome).unwrap();
        for attack in attacks {
            assert!(svg.contains(attack.name()), "{}", attack.name());
        }
        assert!(svg.contains("5/8"));
        assert_eq!(svg.matches("not run").count(), Attack::ALL.len() - 1);
    }

    #[test]
    fn a_bar_has_its_shares() {
        let row = Row {
            tried: 8,
            recovered: 4,
            wrong: 2,
            ..Outcome::new(1, String::new(), &[&Attack::ALL[0]], Vec::new())
                .attacks
                .remove(0)
        };
        let ends: Vec<(f64, f64)> = bar(&row).iter().map(|&(from, to, _)| (from, to)).collect();
        assert_eq!(ends, [(0.0, 1.0), (0.0, 0.5), (0.75, 1.0)]);
    }
}

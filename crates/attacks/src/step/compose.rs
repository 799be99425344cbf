//! Parts of pictures, and pictures in others.

use crate::Picture;
use crate::random::Random;

/// Cut to this share of the area, at a random place.
pub(super) fn crop(picture: &Picture, keep: f64, random: &mut Random) -> Picture {
    let side = |side: usize| ((side as f64 * keep.sqrt()) as usize).clamp(1, side);
    let (width, height) = (side(picture.width()), side(picture.height()));
    let left = random.up_to(picture.width() - width);
    let top = random.up_to(picture.height() - height);
    Picture::draw(width, height, |x, y| picture.pixel(left + x, top + y))
}

pub(super) fn mirror(picture: &Picture) -> Picture {
    let right = picture.width() - 1;
    Picture::draw(picture.width(), picture.height(), |x, y| picture.pixel(right - x, y))
}

/// Counterclockwise.
pub(super) fn quarter_turn(picture: &Picture) -> Picture {
    let right = picture.width() - 1;
    Picture::draw(picture.height(), picture.width(), |x, y| picture.pixel(right - y, x))
}

/// A black bar across the bottom seventh, as a caption has, and a white disc, as a sticker.
pub(super) fn overlay(picture: &Picture) -> Picture {
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    Picture::draw(picture.width(), picture.height(), |x, y| {
        let (across, down) = ((x as f64 + 0.5) / width, (y as f64 + 0.5) / height);
        // The ellipse in the box from 10 % to 35 % of both sides.
        let disc = ((across - 0.225) / 0.125).powi(2) + ((down - 0.225) / 0.125).powi(2);
        if disc <= 1.0 {
            [255; 3]
        } else if down >= 0.86 {
            [0; 3]
        } else {
            picture.pixel(x, y)
        }
    })
}

/// A light page with the picture in it: 120 % of its width, 135 % of its height.
pub(super) fn letterbox(picture: &Picture) -> Picture {
    const PAGE: [u8; 3] = [245; 3];
    let share = |side: usize, share: f64| (side as f64 * share) as usize;
    let (left, top) = (share(picture.width(), 0.1), share(picture.height(), 0.12));
    let (width, height) = (share(picture.width(), 1.2), share(picture.height(), 1.35));
    Picture::draw(width, height, |x, y| {
        let inside = x.checked_sub(left).zip(y.checked_sub(top));
        match inside.filter(|&(x, y)| x < picture.width() && y < picture.height()) {
            Some((x, y)) => picture.pixel(x, y),
            None => PAGE,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered() -> Picture {
        Picture::draw(20, 10, |x, y| [x as u8, y as u8, 77])
    }

    #[test]
    fn a_crop_is_a_part() {
        let part = crop(&numbered(), 0.25, &mut Random::new(5));
        assert_eq!((part.width(), part.height()), (10, 5));
        let [left, top, _] = part.pixel(0, 0);
        assert_eq!(part.pixel(9, 4), [left + 9, top + 4, 77]);
        assert_eq!(crop(&numbered(), 1.0, &mut Random::new(5)), numbered());
    }

    #[test]
    fn turning_and_mirroring() {
        assert_eq!(mirror(&numbered()).pixel(0, 3), [19, 3, 77]);
        let turned = quarter_turn(&numbered());
        assert_eq!((turned.width(), turned.height()), (10, 20));
        assert_eq!(turned.pixel(0, 0), [19, 0, 77]);
        let back = quarter_turn(&quarter_turn(&quarter_turn(&turned)));
        assert_eq!(back, numbered());
    }

    #[test]
    fn overlay_and_page_leave_the_rest_alone() {
        let covered = overlay(&numbered());
        assert_eq!(covered.pixel(4, 2), [255; 3]);
        assert_eq!(covered.pixel(12, 9), [0; 3]);
        assert_eq!(covered.pixel(12, 5), [12, 5, 77]);
        let page = letterbox(&numbered());
        assert_eq!((page.width(), page.height()), (24, 13));
        assert_eq!(page.pixel(0, 0), [245; 3]);
        assert_eq!(page.pixel(2, 1), [0, 0, 77]);
    }
}

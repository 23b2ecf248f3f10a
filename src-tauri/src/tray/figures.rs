//! The figures that the tray's icon is numbered with, as strokes in a box of 10 by 16.

use tiny_skia::{Path, PathBuilder, Rect};

/// Width of a figure's box.
pub(super) const WIDTH: f32 = 10.0;
/// Height of a figure's box.
pub(super) const HEIGHT: f32 = 16.0;

/// The strokes of `0` to `9`, `+` and `!`; `None` for anything else.
pub(super) fn figure(letter: char) -> Option<Path> {
    let mut pen = PathBuilder::new();
    match letter {
        '0' => oval(&mut pen, 5.0, 8.0, 4.1, 7.0),
        '1' => line(&mut pen, &[(2.2, 4.0), (5.8, 1.0), (5.8, 15.0)]),
        '2' => {
            pen.move_to(1.0, 4.6);
            pen.cubic_to(1.2, -0.4, 9.0, -0.4, 9.0, 4.8);
            pen.cubic_to(9.0, 8.2, 4.2, 10.4, 1.0, 15.0);
            pen.line_to(9.4, 15.0);
        }
        '3' => {
            pen.move_to(1.2, 2.8);
            pen.cubic_to(3.2, 0.2, 8.8, 0.4, 8.8, 4.3);
            pen.cubic_to(8.8, 6.8, 6.4, 7.6, 4.2, 7.6);
            pen.cubic_to(6.8, 7.6, 9.2, 8.6, 9.2, 11.3);
            pen.cubic_to(9.2, 15.8, 2.8, 16.2, 0.9, 13.0);
        }
        '4' => line(&mut pen, &[(7.0, 15.0), (7.0, 1.0), (0.8, 11.0), (9.6, 11.0)]),
        '5' => {
            line(&mut pen, &[(8.8, 1.0), (2.0, 1.0), (1.4, 7.3)]);
            pen.cubic_to(4.2, 5.4, 9.2, 6.2, 9.2, 10.6);
            pen.cubic_to(9.2, 15.8, 3.0, 16.2, 0.9, 13.2);
        }
        '6' => {
            pen.move_to(8.2, 1.6);
            pen.cubic_to(4.8, 0.0, 0.9, 3.4, 0.9, 10.4);
            oval(&mut pen, 5.0, 10.7, 4.1, 4.3);
        }
        '7' => line(&mut pen, &[(0.8, 1.0), (9.2, 1.0), (4.0, 15.0)]),
        '8' => {
            oval(&mut pen, 5.0, 4.4, 3.5, 3.4);
            oval(&mut pen, 5.0, 11.4, 4.1, 3.6);
        }
        '9' => {
            oval(&mut pen, 5.0, 5.3, 4.1, 4.3);
            pen.move_to(9.1, 5.6);
            pen.cubic_to(9.1, 12.6, 5.2, 16.0, 1.8, 14.4);
        }
        '+' => {
            line(&mut pen, &[(5.0, 4.4), (5.0, 12.6)]);
            line(&mut pen, &[(0.9, 8.5), (9.1, 8.5)]);
        }
        '!' => {
            line(&mut pen, &[(5.0, 1.0), (5.0, 9.4)]);
            line(&mut pen, &[(5.0, 14.7), (5.0, 14.9)]);
        }
        _ => return None,
    }
    pen.finish()
}

fn line(pen: &mut PathBuilder, points: &[(f32, f32)]) {
    for (at, (x, y)) in points.iter().enumerate() {
        if at == 0 { pen.move_to(*x, *y) } else { pen.line_to(*x, *y) }
    }
}

fn oval(pen: &mut PathBuilder, x: f32, y: f32, across: f32, down: f32) {
    if let Some(around) = Rect::from_ltrb(x - across, y - down, x + across, y + down) {
        pen.push_oval(around);
    }
}

//! The tray's icon, drawn at any size: the program's own tile, so that it stands out on light and dark panels alike, with
//! the number of unviewed violations on it.

use tiny_skia::{
    BlendMode, Color, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Paint, Path, PathBuilder, Pixmap,
    Point, Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::figures::{HEIGHT, WIDTH, figure};

/// What the icon says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Mark {
    /// Nothing to look at.
    #[default]
    Quiet,
    /// So many unviewed violations.
    Violations(u32),
    /// Something is wrong that the person has to see to; with so many unviewed violations.
    Attention(u32),
}

/// Everything is drawn in a square of this size.
const BOX: f32 = 64.0;
/// How thick the strokes of a figure are, in its box.
const PEN: f32 = 3.1;

const AMBER: (u8, u8, u8) = (0xf8, 0xb4, 0x3c);
const INK: (u8, u8, u8) = (0x1c, 0x14, 0x04);

/// Draws the icon: `size` times `size` pixels, RGBA, not premultiplied. `None` for a size of 0.
pub(crate) fn draw(mark: Mark, size: u32) -> Option<Vec<u8>> {
    let mut canvas = Pixmap::new(size, size)?;
    let scale = Transform::from_scale(size as f32 / BOX, size as f32 / BOX);
    let attention = matches!(mark, Mark::Attention(_));
    tile(&mut canvas, scale, attention);
    match mark {
        Mark::Quiet => {}
        Mark::Violations(0) | Mark::Attention(0) => badge(&mut canvas, scale, "!"),
        Mark::Violations(count) | Mark::Attention(count) => badge(&mut canvas, scale, &number(count)),
    }
    Some(
        canvas
            .pixels()
            .iter()
            .flat_map(|pixel| {
                let pixel = pixel.demultiply();
                [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
            })
            .collect(),
    )
}

/// What fits on the icon: two figures, or `99+`.
fn number(count: u32) -> String {
    if count > 99 { "99+".to_owned() } else { count.to_string() }
}

/// The door that stands ajar, with the eye behind it. Grey where something is wrong.
fn tile(canvas: &mut Pixmap, scale: Transform, grey: bool) {
    let (above, below, eye) = if grey {
        ((0x86, 0x8c, 0x98), (0x55, 0x5b, 0x67), (0x55, 0x5b, 0x67))
    } else {
        ((0x5b, 0x76, 0xf2), (0x2c, 0x42, 0xb4), (0x2c, 0x42, 0xb4))
    };
    let stops = vec![GradientStop::new(0.0, colour(above)), GradientStop::new(1.0, colour(below))];
    let (from, to) = (Point::from_xy(0.0, 2.0), Point::from_xy(0.0, 62.0));
    let ground = LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity());
    let paint = Paint { shader: ground.unwrap_or(Shader::SolidColor(colour(below))), ..Paint::default() };
    fill(canvas, rounded(2.0, 2.0, 60.0, 60.0, 14.0), &paint, scale);

    let white = solid((0xff, 0xff, 0xff));
    let mut frame = PathBuilder::new();
    frame.move_to(17.0, 51.0);
    frame.line_to(17.0, 18.0);
    frame.quad_to(17.0, 13.0, 22.0, 13.0);
    frame.line_to(42.0, 13.0);
    frame.quad_to(47.0, 13.0, 47.0, 18.0);
    frame.line_to(47.0, 51.0);
    stroke(canvas, frame.finish(), 5.0, &white, scale);
    let mut leaf = PathBuilder::new();
    leaf.move_to(21.5, 51.0);
    leaf.line_to(21.5, 17.5);
    leaf.line_to(39.0, 22.0);
    leaf.line_to(39.0, 48.0);
    leaf.close();
    fill(canvas, leaf.finish(), &white, scale);
    fill(canvas, circle(30.5, 35.0, 5.6), &solid(eye), scale);
    fill(canvas, circle(30.5, 35.0, 2.6), &solid(AMBER), scale);
}

/// The number in the lower right corner, wider for more figures, cut out of the tile with a thin gap.
fn badge(canvas: &mut Pixmap, scale: Transform, text: &str) {
    let count = text.chars().count() as f32;
    let (width, height, tall) = match text.len() {
        1 => (36.0, 36.0, 23.0),
        2 => (48.0, 36.0, 23.0),
        _ => (64.0, 34.0, 21.0),
    };
    let (left, top) = (BOX - width, BOX - height);
    let gap = Paint { blend_mode: BlendMode::Clear, ..solid((0, 0, 0)) };
    fill(canvas, rounded(left - 3.0, top - 3.0, width + 6.0, height + 6.0, height / 2.0 + 3.0), &gap, scale);
    fill(canvas, rounded(left, top, width, height, height / 2.0), &solid(AMBER), scale);

    let zoom = tall / HEIGHT;
    let step = (WIDTH + 4.4) * zoom;
    let mut x = left + (width - (count - 1.0) * step - WIDTH * zoom) / 2.0;
    let y = top + (height - tall) / 2.0;
    for letter in text.chars() {
        let place = scale.pre_translate(x, y).pre_scale(zoom, zoom);
        // Strokes as thick as the eye still sees them at 16 pixels.
        stroke(canvas, figure(letter), PEN, &solid(INK), place);
        x += step;
    }
}

fn colour((red, green, blue): (u8, u8, u8)) -> Color {
    Color::from_rgba8(red, green, blue, 0xff)
}

fn solid(of: (u8, u8, u8)) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(colour(of));
    paint
}

fn circle(x: f32, y: f32, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(x, y, radius)
}

fn rounded(left: f32, top: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    // How far a cubic's handles reach to draw a quarter of a circle.
    const QUARTER: f32 = 0.552_285;
    let rect = Rect::from_xywh(left, top, width, height)?;
    let (l, t, r, b, k) = (rect.left(), rect.top(), rect.right(), rect.bottom(), radius * (1.0 - QUARTER));
    let mut pen = PathBuilder::new();
    pen.move_to(l + radius, t);
    pen.line_to(r - radius, t);
    pen.cubic_to(r - k, t, r, t + k, r, t + radius);
    pen.line_to(r, b - radius);
    pen.cubic_to(r, b - k, r - k, b, r - radius, b);
    pen.line_to(l + radius, b);
    pen.cubic_to(l + k, b, l, b - k, l, b - radius);
    pen.line_to(l, t + radius);
    pen.cubic_to(l, t + k, l + k, t, l + radius, t);
    pen.close();
    pen.finish()
}

fn fill(canvas: &mut Pixmap, path: Option<Path>, paint: &Paint<'_>, place: Transform) {
    if let Some(path) = path {
        canvas.fill_path(&path, paint, FillRule::Winding, place, None);
    }
}

fn stroke(canvas: &mut Pixmap, path: Option<Path>, width: f32, paint: &Paint<'_>, place: Transform) {
    if let Some(path) = path {
        let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
        canvas.stroke_path(&path, paint, &stroke, place, None);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Every size that panels ask for.
    const SIZES: [u32; 7] = [16, 20, 22, 24, 32, 48, 64];

    #[test]
    fn each_state_and_number_looks_different_at_every_size() {
        let mut marks = vec![Mark::Quiet, Mark::Attention(0)];
        marks.extend((1..=100).flat_map(|count| [Mark::Violations(count), Mark::Attention(count)]));
        for size in SIZES {
            let pictures: HashSet<Vec<u8>> = marks.iter().map(|mark| draw(*mark, size).expect("a picture")).collect();
            assert_eq!(pictures.len(), marks.len(), "{size}");
            assert!(pictures.iter().all(|picture| picture.len() == (size * size * 4) as usize), "{size}");
        }
    }

    #[test]
    fn figures_stand_out_from_their_ground() {
        for size in SIZES {
            let picture = draw(Mark::Violations(8), size).expect("a picture");
            let (mut darkest, mut lightest) = (255, 0);
            // The badge's inside.
            for y in size * 34 / 64..size * 58 / 64 {
                for x in size * 34 / 64..size * 58 / 64 {
                    let at = ((y * size + x) * 4) as usize;
                    let light = (u32::from(picture[at]) * 3 + u32::from(picture[at + 1]) * 6) / 9;
                    darkest = darkest.min(light);
                    lightest = lightest.max(light);
                }
            }
            assert!(lightest - darkest > 110, "{size}: {darkest} to {lightest}");
        }
    }

    #[test]
    fn the_number_is_what_fits() {
        for (count, text) in [(1, "1"), (42, "42"), (99, "99"), (100, "99+"), (u32::MAX, "99+")] {
            assert_eq!(number(count), text);
        }
    }

    /// `HALLMONITOR_DRAW=FOLDER` writes the pictures there, for a person to look at.
    #[test]
    fn there_is_a_picture_for_every_panel() {
        for size in SIZES {
            for (name, mark) in [
                ("quiet", Mark::Quiet),
                ("7", Mark::Violations(7)),
                ("42", Mark::Violations(42)),
                ("99+", Mark::Violations(230)),
                ("attention", Mark::Attention(0)),
                ("attention-5", Mark::Attention(5)),
            ] {
                let rgba = draw(mark, size).expect("a picture");
                assert!(rgba.chunks(4).any(|pixel| pixel[3] == 0xff), "{name}");
                if let Some(folder) = std::env::var_os("HALLMONITOR_DRAW") {
                    let file = std::path::Path::new(&folder).join(format!("{name}-{size}.rgba"));
                    std::fs::write(file, rgba).expect("written");
                }
            }
        }
    }
}

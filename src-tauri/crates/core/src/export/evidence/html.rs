//! HTML, written so that no text of anybody becomes markup.

/// A page in the making.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Adds markup of this program's own.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds a text, apart from the directions of its neighbours: a name may be written from right to left.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi>").plain(text).raw("</bdi>")
    }

    /// Adds a text where no element may stand.
    pub(super) fn plain(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // No page may hold them.
                letter if letter.is_control() && !['\n', '\t'].contains(&letter) => {}
                letter => self.0.push(letter),
            }
        }
        self
    }

    /// Adds a text in an element that has neither attributes nor other content.
    pub(super) fn element(&mut self, name: &str, text: &str) -> &mut Self {
        self.raw("<").raw(name).raw(">").text(text).raw("</").raw(name).raw(">\n")
    }

    /// Adds a table; its head stands on every printed page.
    pub(super) fn table(&mut self, heads: &[String], rows: impl Iterator<Item = Vec<String>>) -> &mut Self {
        self.raw("<table>\n<thead><tr>");
        for head in heads {
            self.raw("<th scope=\"col\">").plain(head).raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.raw("<tr>");
            for cell in &row {
                self.cell(cell);
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n")
    }

    /// Numbers and times stay in one line; the address of IPv6 may be broken between its groups.
    fn cell(&mut self, text: &str) {
        let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || "-: ".contains(c));
        if is_number {
            self.raw("<td class=\"n\">").text(text);
        } else if text.matches(':').count() > 2 && !text.contains(' ') {
            self.raw("<td><bdi>");
            for group in text.split_inclusive(':') {
                self.plain(group).raw("<wbr>");
            }
            self.raw("</bdi>");
        } else {
            self.raw("<td>").text(text);
        }
        self.raw("</td>");
    }

    /// The page.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let mut page = Html::default();
        page.text("<script>alert('1')</script> & \"x\"\u{0}\u{7}");
        assert_eq!(page.finish(), "<bdi>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;</bdi>");
    }
}

//! What people are called, as they would type it themselves, and the e-mail address and phone that go with it.
//!
//! Addresses lie under `.example`, which nobody can own (RFC 2606). Phone numbers are of blocks that are set aside for
//! films (Ofcom, NANPA, Bundesnetzagentur) or of a code that no carrier has; other countries' people left none.

use super::chance::Chance;

/// The language somebody writes their name in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// Ukrainian.
    Ukrainian,
    /// Russian.
    Russian,
    /// English.
    English,
    /// Polish.
    Polish,
    /// German.
    German,
}

/// Who a contact says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// `None` where only the e-mail is known.
    pub first: Option<String>,
    /// `None` where left out.
    pub last: Option<String>,
    /// Unique in the world whatever its case.
    pub email: String,
    /// As typed.
    pub phone: Option<String>,
}

const UK_WOMEN: &str = "Олена Ірина Оксана Наталія Тетяна Юлія Марія Анна Катерина Софія Вікторія Дарина Анастасія Людмила \
    Світлана Галина Христина Соломія Леся Ганна Ольга Аліна Богдана Зоряна Лілія Надія Віра Яна Маряна Поліна";
const UK_MEN: &str = "Олександр Андрій Іван Сергій Дмитро Максим Артем Тарас Богдан Юрій Володимир Назар Роман Василь \
    Олег Микола Ярослав Остап Євген Павло Денис Ігор Віталій Михайло Степан Данило Петро Антон Кирило Ростислав";
const UK_LAST: &str = "Шевченко Коваленко Бондаренко Ткаченко Кравченко Ковальчук Олійник Шевчук Поліщук Бондар Мельник \
    Савченко Марченко Руденко Мороз Лисенко Петренко Клименко Павленко Кравчук Кузьменко Пономаренко Василенко \
    Гончаренко Гнатюк Панасюк Левченко Карпенко Сидоренко Мазур Іваненко Романюк Литвиненко Захарчук Яременко Гриценко \
    Дяченко Тимошенко Федоренко Приходько Білоус Козак Кушнір Гончар Терещенко Зінченко Остапчук Ярмолюк Стельмах Щербак";
const UK_LAST_GENDERED: &str = "Левицький/Левицька Вишневський/Вишневська Яворський/Яворська Чорний/Чорна \
    Квітковський/Квітковська Сосновський/Сосновська Лісовий/Лісова Завадський/Завадська Барановський/Барановська";
const RU_WOMEN: &str = "Анна Мария Екатерина Ольга Наталья Елена Татьяна Ирина Светлана Юлия Дарья Алина Ксения Полина \
    Вероника Алёна Марина Людмила Валентина Евгения Александра Кристина";
const RU_MEN: &str = "Александр Дмитрий Максим Сергей Андрей Алексей Артём Илья Кирилл Михаил Никита Матвей Роман Егор \
    Арсений Иван Денис Евгений Даниил Тимофей Владислав Фёдор";
const RU_LAST: &str = "Иванов/Иванова Смирнов/Смирнова Кузнецов/Кузнецова Попов/Попова Соколов/Соколова Лебедев/Лебедева \
    Козлов/Козлова Новиков/Новикова Морозов/Морозова Волков/Волкова Соловьёв/Соловьёва Васильев/Васильева Зайцев/Зайцева \
    Павлов/Павлова Семёнов/Семёнова Голубев/Голубева Виноградов/Виноградова Воробьёв/Воробьёва Фёдоров/Фёдорова \
    Беляев/Беляева Тарасов/Тарасова Комаров/Комарова Орлов/Орлова Киселёв/Киселёва Макаров/Макарова Ковалёв/Ковалёва \
    Ильин/Ильина Гусев/Гусева Титов/Титова Кудрявцев/Кудрявцева Белый/Белая Черных/Черных Ким/Ким Цой/Цой";
const EN_WOMEN: &str = "Olivia Emma Charlotte Amelia Sophia Grace Emily Hannah Chloe Lucy Alice Zoe Megan Laura Rachel Sarah \
    Jessica Rebecca Claire Naomi Priya Aisha Fatima Mei Yuki";
const EN_MEN: &str = "James Oliver William Henry Lucas Benjamin Theodore Jack Daniel Samuel Matthew David Joseph Thomas \
    Adam Ryan Nathan Ethan Connor Liam Noah Rahul Omar Kenji Marcus";
const EN_LAST: &str = "Smith Johnson Williams Brown Jones Miller Davis Wilson Taylor Anderson Thompson White Harris Martin \
    Clark Lewis Robinson Walker Young King Wright Scott Green Baker Hall Campbell Mitchell Roberts Carter Phillips Evans \
    Turner Parker Collins Edwards Stewart Morris Murphy Cook Rogers Bell Bailey Cooper Richardson Cox Ward Patel Khan \
    Nguyen Kim O'Brien O'Connor MacDonald Fitzgerald Hughes Price Bennett Wood Brooks Kelly";
const PL_WOMEN: &str = "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Joanna Zofia Aleksandra \
    Julia Wiktoria Zuzanna Oliwia";
const PL_MEN: &str = "Piotr Krzysztof Andrzej Tomasz Paweł Michał Marcin Jakub Łukasz Mateusz Kamil Wojciech Bartłomiej \
    Stanisław";
const PL_LAST: &str = "Nowak/Nowak Kowalski/Kowalska Wiśniewski/Wiśniewska Wójcik/Wójcik Kowalczyk/Kowalczyk \
    Kamiński/Kamińska Lewandowski/Lewandowska Zieliński/Zielińska Szymański/Szymańska Woźniak/Woźniak Dąbrowski/Dąbrowska \
    Kozłowski/Kozłowska Jankowski/Jankowska Mazur/Mazur Krawczyk/Krawczyk Gołąb/Gołąb Pająk/Pająk";
const DE_WOMEN: &str = "Anna Lena Lea Sophie Marie Katharina Johanna Sabine Käthe Birgit Greta Ute Heike";
const DE_MEN: &str = "Lukas Jonas Felix Maximilian Jürgen Björn Stefan Matthias Günther Sören Tobias Florian Jörg";
const DE_LAST: &str = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter \
    Klein Wolf Schröder Neumann Schwarz Zimmermann Krüger Köhler Groß Weiß Böhm";

const DOMAINS: [&str; 12] = [
    "mail.example",
    "post.example",
    "poshta.example",
    "pryvit.example",
    "inbox.example",
    "letters.example",
    "studio.example",
    "univer.example",
    "proton-post.example",
    "pochta.example",
    "work.example",
    "cloudmail.example",
];

impl Tongue {
    fn names(self, woman: bool) -> (&'static str, &'static str) {
        match (self, woman) {
            (Self::Ukrainian, true) => (UK_WOMEN, UK_LAST),
            (Self::Ukrainian, false) => (UK_MEN, UK_LAST),
            (Self::Russian, true) => (RU_WOMEN, RU_LAST),
            (Self::Russian, false) => (RU_MEN, RU_LAST),
            (Self::English, true) => (EN_WOMEN, EN_LAST),
            (Self::English, false) => (EN_MEN, EN_LAST),
            (Self::Polish, true) => (PL_WOMEN, PL_LAST),
            (Self::Polish, false) => (PL_MEN, PL_LAST),
            (Self::German, true) => (DE_WOMEN, DE_LAST),
            (Self::German, false) => (DE_MEN, DE_LAST),
        }
    }
}

/// The name of the contact `index`, drawn from `chance`; `index` makes the e-mail address unique.
pub fn name(tongue: Tongue, country: &str, index: u64, chance: &mut Chance) -> Name {
    let woman = chance.permille(610);
    let (firsts, lasts) = tongue.names(woman);
    let first = word(firsts, chance);
    let gendered = tongue == Tongue::Ukrainian && chance.permille(180);
    let last = word(if gendered { UK_LAST_GENDERED } else { lasts }, chance);
    let last = match last.split_once('/') {
        Some((his, hers)) => {
            if woman {
                hers
            } else {
                his
            }
        }
        None => last,
    };
    let email = email(first, last, index, chance);
    // Somebody who grew up with Cyrillic may still sign in Latin letters.
    let latin_name = matches!(tongue, Tongue::Ukrainian | Tongue::Russian) && chance.permille(120);
    let typed = |text: &str| if latin_name { capital(&latin(text)) } else { text.to_owned() };
    let (first, last) = (typed(first), typed(last));
    let (first, last) = match chance.below(1000) {
        0..30 => (None, None),
        30..110 => (Some(first), None),
        110..118 => (Some(first.to_lowercase()), Some(last.to_lowercase())),
        118..124 => (Some(first.to_uppercase()), Some(last.to_uppercase())),
        _ => (Some(first), Some(last)),
    };
    Name { first, last, email, phone: phone(country, chance) }
}

fn word(list: &'static str, chance: &mut Chance) -> &'static str {
    let count = list.split_whitespace().count() as u64;
    list.split_whitespace().nth(chance.below(count) as usize).unwrap_or_default()
}

fn email(first: &str, last: &str, index: u64, chance: &mut Chance) -> String {
    // The number is the contact's own, so no two addresses are equal.
    let number = index + 1;
    if chance.permille(6) && !last.is_ascii() {
        return format!("{}.{}{number}@скринька.example", first.to_lowercase(), last.to_lowercase());
    }
    let (first, last) = (latin(first), latin(last));
    let initial = first.chars().next().unwrap_or('x');
    let domain = chance.pick(&DOMAINS);
    let email = match chance.below(6) {
        0 | 1 => format!("{first}.{last}{number}@{domain}"),
        2 => format!("{initial}.{last}{number}@{domain}"),
        3 => format!("{last}.{first}.{number}@{domain}"),
        4 => format!("{first}_{last}_{number}@{domain}"),
        _ => format!("{first}{number}@{last}.example"),
    };
    if chance.permille(15) { capital(&email) } else { email }
}

fn phone(country: &str, chance: &mut Chance) -> Option<String> {
    let asked = chance.permille(520);
    let (a, b) = (chance.below(1000), chance.below(10_000));
    let number = match country {
        "UA" => format!("+380 60 {a:03} {:02} {:02}", b / 100, b % 100),
        "GB" => format!("+44 7700 900{a:03}"),
        "US" | "CA" => format!("+1 {} 555 01{:02}", [202, 212, 312, 415, 617, 647][(b % 6) as usize], a % 100),
        "DE" => format!("+49 171 39200{:02}", a % 100),
        _ => return None,
    };
    asked.then_some(number)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `text` in small Latin letters without marks, as people spell themselves in an address.
fn latin(text: &str) -> String {
    let mut spelt = String::with_capacity(text.len() + 4);
    for letter in text.chars().flat_map(char::to_lowercase) {
        let piece = match letter {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' => "h",
            'ґ' => "g",
            'д' => "d",
            'е' | 'э' | 'ё' => "e",
            'є' => "ie",
            'ж' => "zh",
            'з' => "z",
            'и' | 'ы' => "y",
            'і' => "i",
            'ї' => "i",
            'й' => "i",
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' => "kh",
            'ц' => "ts",
            'ч' => "ch",
            'ш' => "sh",
            'щ' => "shch",
            'ю' => "iu",
            'я' => "ia",
            'ł' => "l",
            'ą' | 'ä' => "a",
            'ę' => "e",
            'ó' | 'ö' => "o",
            'ś' => "s",
            'ź' | 'ż' => "z",
            'ć' => "c",
            'ń' => "n",
            'ü' => "u",
            'ß' => "ss",
            other if other.is_ascii_alphanumeric() => {
                spelt.push(other);
                continue;
            }
            _ => continue,
        };
        spelt.push_str(piece);
    }
    spelt
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_contacts_share_an_address() {
        let tongues = [Tongue::Ukrainian, Tongue::Russian, Tongue::English, Tongue::Polish, Tongue::German];
        let emails: HashSet<String> = (0..20_000)
            .map(|index| {
                let mut chance = Chance::new(1, 1, index);
                name(tongues[(index % 5) as usize], "UA", index, &mut chance).email.to_lowercase()
            })
            .collect();
        assert_eq!(emails.len(), 20_000);
        for email in &emails {
            let (local, domain) = email.split_once('@').expect("an address");
            assert!(!local.is_empty() && domain.ends_with(".example") && !domain.starts_with('.'), "{email}");
        }
    }

    #[test]
    fn a_family_name_agrees_with_its_bearer() {
        let endings: HashSet<bool> = (0..500)
            .filter_map(|index| name(Tongue::Russian, "KZ", index, &mut Chance::new(1, 2, index)).last)
            .filter(|last| last.starts_with("Иванов"))
            .map(|last| last.ends_with('а'))
            .collect();
        assert_eq!(endings.len(), 2);
    }

    #[test]
    fn every_letter_of_the_names_has_a_latin_spelling() {
        for list in [UK_WOMEN, UK_MEN, UK_LAST, RU_WOMEN, RU_MEN, RU_LAST, PL_WOMEN, PL_MEN, PL_LAST, DE_MEN, DE_LAST] {
            for letter in list.chars().filter(|letter| letter.is_alphabetic() && !"ьъ".contains(*letter)) {
                assert!(!latin(&letter.to_string()).is_empty(), "{letter}");
            }
        }
        assert_eq!(latin("Щербак"), "shcherbak");
    }
}

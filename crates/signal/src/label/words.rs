//! The words of labels: ready ones in eight languages, and the user's own.

use super::Refusal;
use super::fonts;

/// The words of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Ready(Vec<Language>),
    Own(String),
}

/// A language in which a label says that AI made the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// العربية
    Arabic,
    /// 中文: `AI生成`, which GB 45438-2025, 5.2 accepts, and which Japanese reads too.
    Chinese,
    /// English
    #[default]
    English,
    /// Français
    French,
    /// Deutsch
    German,
    /// हिन्दी
    Hindi,
    /// 한국어
    Korean,
    /// Español
    Spanish,
}

/// Characters of a label of the user's own: what fits into one line of a picture, at 5 % of its height.
const MAX_CHARACTERS: usize = 60;

/// Between two languages on one line.
const SEPARATOR: &str = " · ";

impl Language {
    /// All of them, by their English names.
    pub const ALL: [Self; 8] = [
        Self::Arabic,
        Self::Chinese,
        Self::English,
        Self::French,
        Self::German,
        Self::Hindi,
        Self::Korean,
        Self::Spanish,
    ];

    /// The tag of BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::Chinese => "zh",
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
            Self::Hindi => "hi",
            Self::Korean => "ko",
            Self::Spanish => "es",
        }
    }

    /// What a label says in this language.
    pub fn words(self) -> &'static str {
        match self {
            Self::Arabic => "مُنشأ بالذكاء الاصطناعي",
            Self::Chinese => "AI生成",
            Self::English => "AI generated",
            Self::French => "Généré par IA",
            Self::German => "KI-generiert",
            Self::Hindi => "एआई द्वारा निर्मित",
            Self::Korean => "AI 생성",
            Self::Spanish => "Generado por IA",
        }
    }
}

impl Text {
    /// The ready words of a language.
    pub fn ready(language: Language) -> Self {
        Self(Kind::Ready(vec![language]))
    }

    /// The ready words of a language and `AI生成`, side by side where there is room, else one above the other.
    pub fn with_chinese(language: Language) -> Self {
        let both = [language, Language::Chinese];
        Self(Kind::Ready(if language == Language::Chinese {
            vec![language]
        } else {
            both.to_vec()
        }))
    }

    /// The user's own words, on one line.
    ///
    /// # Errors
    ///
    /// [`Refusal::Empty`], [`Refusal::TooLong`] above 60 characters, and [`Refusal::Missing`] with all characters that the
    /// label's fonts lack.
    pub fn own(words: &str) -> Result<Self, Refusal> {
        let words = words.trim();
        let found = words.chars().count();
        if found == 0 {
            return Err(Refusal::Empty);
        }
        if found > MAX_CHARACTERS {
            return Err(Refusal::TooLong {
                found,
                allowed: MAX_CHARACTERS,
            });
        }
        let missing = fonts::missing(words);
        if !missing.is_empty() {
            return Err(Refusal::Missing(missing));
        }
        Ok(Self(Kind::Own(words.to_owned())))
    }

    /// The words on one line.
    pub fn words(&self) -> String {
        self.layouts().swap_remove(0).join(SEPARATOR)
    }

    /// The ways to break the words into lines, the widest first.
    pub(super) fn layouts(&self) -> Vec<Vec<String>> {
        match &self.0 {
            Kind::Own(words) => vec![vec![words.clone()]],
            Kind::Ready(languages) => {
                let words: Vec<String> = languages.iter().map(|language| language.words().to_owned()).collect();
                let one_line = vec![words.join(SEPARATOR)];
                if words.len() == 1 {
                    vec![one_line]
                } else {
                    vec![one_line, words]
                }
            }
        }
    }
}

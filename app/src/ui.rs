//! Parts that pages are made of. Each is small, knows no noun, and has its own file of CSS in `style/`.
//!
//! All of them render fully on the server and work without JavaScript; what needs a script carries the class
//! `js-only` and shows itself once the page is hydrated. Nothing here sets a `style` attribute: the CSP forbids it.

pub mod announce;
pub mod browser;
pub mod button;
pub mod card;
pub mod confirm;
pub mod copy;
pub mod countdown;
pub mod data_error;
pub mod empty;
pub mod error_box;
pub mod field;
pub mod icon;
pub mod loading;
pub mod menu;
pub mod notice;
pub mod page_error;
pub mod page_head;
pub mod pager;
pub mod span;
pub mod state_word;
pub mod tabs;
pub mod text_area;
pub mod time;
pub mod time_input;
pub mod trouble_page;

pub use announce::{Announcer, LiveRegion};
pub use button::{Button, ButtonLink, Look, SubmitButton};
pub use card::Card;
pub use confirm::Confirm;
pub use copy::Copy;
pub use countdown::Countdown;
pub use data_error::DataError;
pub use empty::Empty;
pub use error_box::{ErrorBox, Problem, error_of, failure_of};
pub use field::{Field, FieldError, Select, TextInput};
pub use icon::{Icon, Shape};
pub use loading::Loading;
pub use menu::Menu;
pub use notice::Notice;
pub use page_error::{PageError, answer_with};
pub use page_head::PageHead;
pub use pager::Pager;
pub use span::Span;
pub use state_word::{StateWord, Tone};
pub use tabs::{Tab, Tabs};
pub use text_area::TextArea;
pub use time::Time;
pub use time_input::TimeInput;
pub use trouble_page::{Trouble, TroublePage};

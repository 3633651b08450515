//! Inline icons. The shapes are those of the Lucide set (ISC licence, see NOTICE), each as one path on a grid of
//! 24 by 24; stroke and size come from the style sheet.

use leptos::prelude::*;

/// Which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say what they show")]
pub enum Shape {
    Attention,
    Basket,
    Chart,
    Check,
    Clock,
    Columns,
    Copy,
    Cross,
    Database,
    Down,
    Download,
    Failed,
    Filter,
    Globe,
    Home,
    Info,
    Key,
    Left,
    Menu,
    Monitor,
    Moon,
    Notebook,
    Out,
    Package,
    Pencil,
    Play,
    Plus,
    Queries,
    Refresh,
    Right,
    Running,
    Search,
    Server,
    SignIn,
    SignOut,
    Star,
    Stop,
    Sun,
    Table,
    Trash,
    Undo,
    Up,
    User,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Self::Attention => {
                "m21.7 18-8-14a2 2 0 0 0-3.5 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.7-3M12 9v4m0 4h.01"
            }
            Self::Basket => {
                "m15 11-1 9m5-9-4-7M2 11h20M3.5 11l1.6 7.4a2 2 0 0 0 2 1.6h9.8a2 2 0 0 0 2-1.6l1.7-7.4M4.5 15.5h15M5 11l4-7m0 7 1 9"
            }
            Self::Chart => "M3 3v16a2 2 0 0 0 2 2h16m-3-4V9m-5 8V5M8 17v-3",
            Self::Check => "M20 6 9 17l-5-5",
            Self::Clock => "M12 6v6l4 2M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0",
            Self::Columns => {
                "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm4 0v18m6-18v18"
            }
            Self::Copy => {
                "M10 8h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H10a2 2 0 0 1-2-2V10a2 2 0 0 1 2-2zm-6 8a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2"
            }
            Self::Cross => "M18 6 6 18M6 6l12 12",
            Self::Database => "M3 5a9 3 0 1 0 18 0A9 3 0 1 0 3 5v14a9 3 0 0 0 18 0V5M3 12a9 3 0 0 0 18 0",
            Self::Down => "m6 9 6 6 6-6",
            Self::Download => "M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4m4-5 5 5 5-5m-5 5V3",
            Self::Failed => "M12 8v4m0 4h.01M2.6 15.3V8.7l6.1-6.1h6.6l6.1 6.1v6.6l-6.1 6.1H8.7z",
            Self::Filter => "M22 3H2l8 9.5V19l4 2v-8.5z",
            Self::Globe => {
                "M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0m10-10a14.5 14.5 0 0 0 0 20 14.5 14.5 0 0 0 0-20M2 12h20"
            }
            Self::Home => {
                "M15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8M3 10a2 2 0 0 1 .7-1.5l7-6a2 2 0 0 1 2.6 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"
            }
            Self::Info => "M12 16v-4m0-4h.01M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0",
            Self::Key => {
                "m15.5 7.5 2.3 2.3a1 1 0 0 0 1.4 0l2.1-2.1a1 1 0 0 0 0-1.4L19 4m2-2-9.6 9.6M2 15.5a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0"
            }
            Self::Left => "m15 18-6-6 6-6",
            Self::Menu => "M4 6h16M4 12h16M4 18h16",
            Self::Monitor => {
                "M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm4 18h8m-4-4v4"
            }
            Self::Moon => "M12 3a6 6 0 0 0 9 9 9 9 0 1 1-9-9",
            Self::Notebook => {
                "M2 6h4m-4 4h4m-4 4h4m-4 4h4M6 2h12a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm10 0v20"
            }
            Self::Out => "M15 3h6v6M10 14 21 3m-3 10v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h6",
            Self::Package => {
                "m7.5 4.3 9 5.1M21 8a2 2 0 0 0-1-1.7l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.7l7 4a2 2 0 0 0 2 0l7-4a2 2 0 0 0 1-1.7zM3.3 7l8.7 5 8.7-5M12 22V12"
            }
            Self::Pencil => {
                "M21.2 6.8a1 1 0 0 0-4-4L3.8 16.2a2 2 0 0 0-.5.8L2 21.4a.5.5 0 0 0 .6.6L7 20.7a2 2 0 0 0 .8-.5zM15 5l4 4"
            }
            Self::Play => "m6 3 14 9-14 9z",
            Self::Plus => "M5 12h14M12 5v14",
            Self::Queries => "m4 17 6-6-6-6m8 14h8",
            Self::Refresh => {
                "M3 12a9 9 0 0 1 9-9 9.8 9.8 0 0 1 6.7 2.7L21 8m0-5v5h-5m5 4a9 9 0 0 1-9 9 9.8 9.8 0 0 1-6.7-2.7L3 16m5 0H3v5"
            }
            Self::Right => "m9 18 6-6-6-6",
            Self::Running => "M22 12h-4l-3 9L9 3l-3 9H2",
            Self::Search => "m21 21-4.3-4.3M3 11a8 8 0 1 0 16 0 8 8 0 1 0-16 0",
            Self::Server => {
                "M4 3h16a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm0 10h16a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2zM6 7h.01M6 17h.01"
            }
            Self::SignIn => "M15 3h4a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2h-4m-5-4 5-5-5-5m5 5H3",
            Self::SignOut => "M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4m7 14 5-5-5-5m5 5H9",
            Self::Star => "m12 2 3.1 6.3 6.9 1-5 4.8 1.2 6.9-6.2-3.2L5.8 21 7 14.1 2 9.3l6.9-1z",
            Self::Stop => "M5 5h14v14H5z",
            Self::Sun => {
                "M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0m4-10v2m0 16v2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4M2 12h2m16 0h2M6.3 17.7l-1.4 1.4M19.1 4.9l-1.4 1.4"
            }
            Self::Table => {
                "M12 3v18M3 9h18M3 15h18M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z"
            }
            Self::Trash => {
                "M3 6h18m-2 0v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6m3 0V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2"
            }
            Self::Undo => "M9 14 4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H11",
            Self::Up => "m18 15-6-6-6 6",
            Self::User => "M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2M8 7a4 4 0 1 0 8 0 4 4 0 1 0-8 0",
        }
    }
}

/// A picture beside words; it is never the only sign of anything, so screen readers do not hear of it.
#[component]
pub fn Icon(
    /// Which one.
    shape: Shape,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=shape.path()/>
        </svg>
    }
}

//! The table of a result. The server renders a page of fifty rows in a form; in the browser the same table scrolls
//! over all rows, of which only those in sight exist.

use super::basket_bar::BasketBar;
use super::cell_text::shown;
use super::download::Download;
use super::model::{ResultColumn, WindowRow};
use super::result_address::PAGE_ROWS;
use super::result_head::{ColumnsMenu, FilterForm, Head};
use super::result_rows::Rows;
use super::scrolling::Scrolling;
use super::{dom, sentences};
use crate::features::archives::model::ColumnKind;
use crate::ui::{ErrorBox, Pager};
use leptos::html;
use leptos::prelude::*;

/// The card with the table.
#[component]
pub fn ResultTable(
    /// Its rows.
    rows: Rows,
    /// Columns it takes of the page's twelve.
    span: &'static str,
) -> impl IntoView {
    let total = rows.query.with_value(|q| q.rows);
    let id = rows.query.with_value(|q| q.id.clone());
    let pager = move || {
        let (address, id) = (rows.address.get(), id.clone());
        let href = Callback::new(move |offset| {
            super::result_address::ResultAddress { offset, ..address.clone() }.address(&id)
        });
        view! {
            <Pager offset=rows.address.with(|a| a.offset) per_page=PAGE_ROWS total=rows.matching.get() noun="rows" href=href/>
        }
    };
    view! {
        <section class=format!("card result {span}") aria-labelledby="rows-title">
            <header>
                <h2 id="rows-title"><span aria-live="polite" aria-atomic="true">{move || sentences::rows_shown(rows.matching.get(), total)}</span></h2>
                <div class="more">
                    <FilterForm rows=rows/>
                    <ColumnsMenu rows=rows/>
                    <Download rows=rows/>
                </div>
            </header>
            <ErrorBox error=rows.trouble/>
            <BasketBar rows=rows>
                <Grid rows=rows/>
                <div class="no-js">{pager}</div>
            </BasketBar>
        </section>
    }
    .into_any()
}

#[component]
fn Grid(rows: Rows) -> impl IntoView {
    let (wrap, head) = (NodeRef::<html::Div>::new(), NodeRef::<html::Thead>::new());
    let (above, below) = (NodeRef::<html::Td>::new(), NodeRef::<html::Td>::new());
    let measure = move || {
        let (Some(wrap), Some(head)) = (wrap.get_untracked(), head.get_untracked()) else { return };
        let row = wrap.query_selector("tbody tr.row").ok().flatten();
        let row_px = row.map(|row| dom::height_of(&row)).filter(|px| *px > 4.0);
        let view_px = (f64::from(wrap.client_height()) - dom::height_of(&head)).max(60.0);
        let measures = (row_px.unwrap_or_else(|| rows.measures.get_untracked().0), view_px);
        if rows.measures.get_untracked() != measures {
            rows.measures.set(measures);
        }
    };
    Effect::new(move |_| {
        rows.live.track();
        rows.matching.track();
        rows.columns.track();
        request_animation_frame(measure);
    });
    Effect::new(move |_| {
        let drawn = rows.drawn.get();
        for (spacer, px) in [(above, drawn.above_px), (below, drawn.below_px)] {
            if let Some(spacer) = spacer.get() {
                dom::set_style(&spacer, "height", &format!("{px}px"));
            }
        }
    });
    // Once the page is hydrated, a page in the middle of the result becomes a place of the scroll bar.
    Effect::new(move |_| {
        let offset = rows.address.with_untracked(|a| a.offset);
        if rows.live.get() && offset > 0 {
            request_animation_frame(move || rows.move_to(offset, false));
        }
    });
    Effect::new(move |_| {
        if let (Some(to), Some(wrap)) = (rows.scroll_to.get(), wrap.get()) {
            request_animation_frame(move || {
                wrap.set_scroll_top(to.round() as i32);
                rows.scrolled.set(f64::from(wrap.scroll_top()));
            });
        }
    });
    let waiting = StoredValue::new(false);
    let on_scroll = move |_| {
        if !waiting.get_value() {
            waiting.set_value(true);
            request_animation_frame(move || {
                waiting.set_value(false);
                if let Some(wrap) = wrap.try_get_untracked().flatten() {
                    measure();
                    rows.scrolled.set(f64::from(wrap.scroll_top()));
                }
            });
        }
    };
    let span = move || (rows.columns.with(Vec::len) + 1).to_string();
    let live = rows.live;
    let empty =
        move || (rows.matching.get() == 0 && !rows.loading.get()).then(|| view! { <Nothing rows=rows/> });
    view! {
        <div class="rows" node_ref=wrap on:scroll=on_scroll class:loading=rows.loading>
            <table
                class="result-table"
                role=move || live.get().then_some("grid")
                tabindex=move || live.get().then_some("0")
                aria-labelledby="rows-title"
                aria-multiselectable=move || live.get().then_some("true")
                aria-rowcount=move || live.get().then(|| (rows.matching.get() + 2).to_string())
                aria-activedescendant=move || {
                    (live.get() && rows.drawn.with(|d| d.rows.contains(&rows.active.get()))).then(|| format!("row-{}", rows.active.get()))
                }
                aria-busy=move || rows.loading.get().then_some("true")
                on:keydown=move |event| take_key(rows, &event)
            >
                <thead node_ref=head><Head rows=rows/></thead>
                <tbody>
                    <tr class="space" aria-hidden="true"><td node_ref=above colspan=span></td></tr>
                    <For each=move || rows.drawn.get().rows key=|place| *place children=move |place| view! { <Row rows=rows place=place/> }/>
                    <tr class="space" aria-hidden="true"><td node_ref=below colspan=span></td></tr>
                </tbody>
            </table>
            {empty}
        </div>
    }
    .into_any()
}

#[component]
fn Nothing(rows: Rows) -> impl IntoView {
    let filtered = rows.sound.with(|a| !a.filters.is_empty());
    let words =
        if filtered { "No row passes the filters." } else { "The archive found no rows for this question." };
    let id = rows.query.with_value(|q| q.id.clone());
    let mut all = rows.address.get();
    all.filters.clear();
    view! {
        <div class="nothing">
            <p>{words}</p>
            {filtered.then(|| view! { <a class="btn small" data-noscroll="" href=all.address(&id)>"Clear the filters"</a> })}
        </div>
    }
}

/// Keys of the grid: arrows, pages and ends move, shift extends, space selects, Ctrl-A selects all, Escape nothing.
fn take_key(rows: Rows, event: &leptos::ev::KeyboardEvent) {
    if event.target() != event.current_target() || event.alt_key() || event.meta_key() {
        return;
    }
    let (at, shift, ctrl) = (rows.active.get_untracked(), event.shift_key(), event.ctrl_key());
    let (row_px, view_px) = rows.measures.get_untracked();
    let last = rows.matching.get_untracked().saturating_sub(1);
    let page = Scrolling { rows: last + 1, row_px, view_px }.page();
    match event.key().as_str() {
        "ArrowDown" if !ctrl => rows.move_to(at + 1, shift),
        "ArrowUp" if !ctrl => rows.move_to(at.saturating_sub(1), shift),
        "PageDown" => rows.move_to(at + page, shift),
        "PageUp" => rows.move_to(at.saturating_sub(page), shift),
        "Home" => rows.move_to(0, shift),
        "End" => rows.move_to(last, shift),
        " " => rows.touch(at, shift),
        "a" | "A" if ctrl => rows.select_all(),
        "Escape" if rows.selected() > 0 => rows.clear(),
        _ => return,
    }
    event.prevent_default();
}

#[component]
fn Row(rows: Rows, place: u64) -> impl IntoView {
    let row = Memo::new(move |_| rows.at(place));
    let number = Memo::new(move |_| row.with(|row| row.as_ref().map(|r| r.number)));
    let selected = Memo::new(move |_| {
        number.get().is_some_and(|n| rows.all_matching.get() || rows.selection.with(|s| s.contains(n)))
    });
    let live = rows.live;
    let click = move |event: leptos::ev::MouseEvent| {
        if live.get_untracked() {
            rows.touch(place, event.shift_key());
        }
    };
    view! {
        <tr
            class="row"
            id=format!("row-{place}")
            class:selected=selected
            class:active=move || live.get() && rows.active.get() == place
            aria-rowindex=move || live.get().then(|| (place + 3).to_string())
            aria-selected=move || live.get().then(|| selected.get().to_string())
            on:click=click
            // Shift-click would select text.
            on:mousedown=move |event| if event.shift_key() { event.prevent_default() }
        >
            <td class="tick">
                <input
                    type="checkbox"
                    name="rows[]"
                    value=move || number.get().map(|n| n.to_string())
                    aria-label=format!("Select row {}", place + 1)
                    tabindex=move || live.get().then_some("-1")
                    checked=selected.get_untracked()
                    prop:checked=selected
                />
            </td>
            {move || rows.columns.with(|columns| row.with(|row| cells(row.as_ref(), columns)))}
        </tr>
    }
}

fn cells(row: Option<&WindowRow>, columns: &[ResultColumn]) -> AnyView {
    let cell = |(i, column): (usize, &ResultColumn)| {
        let class = if column.kind.is_numeric() { "n" } else { "" };
        match row {
            None => view! { <td class=class><span class="none">"…"</span></td> }.into_any(),
            Some(row) => match row.cells.get(i).cloned().flatten() {
                None => {
                    view! { <td class=class><span class="none" title="missing">"–"</span></td> }.into_any()
                }
                Some(text) if column.kind == ColumnKind::Text || text.len() > 24 => {
                    let words = shown(&text, column.kind);
                    view! { <td class=class title=text dir="auto">{words}</td> }.into_any()
                }
                Some(text) => view! { <td class=class>{shown(&text, column.kind)}</td> }.into_any(),
            },
        }
    };
    columns.iter().enumerate().map(cell).collect_view().into_any()
}

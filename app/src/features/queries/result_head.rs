//! Above the rows: names with unit and meaning, sort links, a filter for each column, and the choice of columns.

use super::dom;
use super::model::ResultColumn;
use super::pause::Pause;
use super::result_address::ResultAddress;
use super::result_rows::Rows;
use crate::ui::{Icon, Shape, SubmitButton};
use leptos::html;
use leptos::prelude::*;

/// The two rows of the table's head.
#[component]
pub fn Head(
    /// The rows below.
    rows: Rows,
) -> impl IntoView {
    view! {
        <tr>
            <th class="tick" scope="col"><span class="unseen">"Selected"</span></th>
            <For
                each=move || rows.columns.get()
                key=|column| column.name.clone()
                children=move |column| view! { <Title rows=rows column=column/> }
            />
        </tr>
        <tr class="filters">
            <td class="tick"><span class="hint" title="Filters"><Icon shape=Shape::Filter/></span></td>
            <For
                each=move || rows.columns.get()
                key=|column| column.name.clone()
                children=move |column| view! { <Filter rows=rows column=column/> }
            />
        </tr>
    }
}

/// Unit, UCD and meaning of a column, for on demand.
fn about(column: &ResultColumn) -> String {
    let unit = column.unit.as_ref().map(|u| format!("in {u}"));
    [column.description.clone(), unit, column.ucd.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

#[component]
fn Title(rows: Rows, column: ResultColumn) -> impl IntoView {
    let id = rows.query.with_value(|q| q.id.clone());
    let (name, sorted, about) = (column.name.clone(), column.name.clone(), about(&column));
    let href = move || rows.address.with(|a| a.with_next_sort(&name).address(&id));
    let sort = Memo::new(move |_| rows.sound.with(|a| a.aria_sort(&sorted)));
    let shape = move || match sort.get() {
        "ascending" => Some(view! { <Icon shape=Shape::Up/> }),
        "descending" => Some(view! { <Icon shape=Shape::Down/> }),
        _ => None,
    };
    view! {
        <th scope="col" class:n=column.kind.is_numeric() aria-sort=sort title=about>
            <a href=href data-noscroll="" prop:replace=true>{column.name}{shape}</a>
            <small>{column.unit.unwrap_or_else(|| "\u{a0}".to_owned())}</small>
        </th>
    }
}

#[component]
fn Filter(rows: Rows, column: ResultColumn) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let pause = Pause::new();
    let numeric = column.kind.is_numeric();
    let (name, field) = (column.name.clone(), format!("f.{}", column.name));
    let error_id = format!("{field}-error");
    let value = Memo::new({
        let name = name.clone();
        move |_| rows.address.with(|a| a.filter(&name).to_owned())
    });
    let fault = Memo::new({
        let column = column.clone();
        move |_| rows.address.with(|a| a.fault_of(&column))
    });
    // A filter that came from elsewhere, the plot for one; what is being typed here stays as it is.
    Effect::new(move |_| {
        let value = value.get();
        if let Some(input) = input.get()
            && input.value().trim() != value
        {
            input.set_value(&value);
        }
    });
    let typed = {
        let name = name.clone();
        move |event: leptos::ev::Event| {
            let (text, name) = (event_target_value(&event), name.clone());
            pause.then(350, move || rows.go_to(|a| a.set_filter(&name, &text)));
        }
    };
    let described = error_id.clone();
    view! {
        <td>
            <input
                node_ref=input
                class="filter"
                form="filters"
                id=field.clone()
                name=field
                value=value.get_untracked()
                placeholder=if numeric { "< 12, 3..5" } else { "contains" }
                aria-label=format!("Filter {name}")
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                aria-describedby=move || fault.with(Option::is_some).then(|| described.clone())
                autocomplete="off"
                maxlength="200"
                dir="auto"
                on:input=typed
            />
            {move || fault.get().map(|sentence| view! { <p class="field-error" id=error_id.clone()>{sentence}</p> })}
        </td>
    }
}

/// The address's other parts, for a form that sends only some of them.
#[component]
fn Hidden(rows: Rows, without: fn(&str) -> bool) -> impl IntoView {
    move || {
        let pairs = rows.address.with(ResultAddress::pairs);
        pairs
            .into_iter()
            .filter(|(name, _)| name != "offset" && !without(name))
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    }
}

/// The form that the filters in the table's head belong to.
#[component]
pub fn FilterForm(
    /// The rows that are filtered.
    rows: Rows,
) -> impl IntoView {
    let (id, clear_id) = rows.query.with_value(|q| (q.id.clone(), q.id.clone()));
    let form = NodeRef::<html::Form>::new();
    let clear = move || {
        let mut all = rows.address.get();
        if all.filters.is_empty() {
            return None;
        }
        all.filters.clear();
        all.offset = 0;
        let href = all.address(&clear_id);
        Some(view! { <a class="btn small" href=href data-noscroll="" prop:replace=true>"Clear filters"</a> })
    };
    view! {
        <form
            id="filters"
            method="get"
            action=format!("/queries/{id}")
            node_ref=form
            on:submit=move |event| {
                event.prevent_default();
                if let Some(form) = form.get_untracked() {
                    let new = ResultAddress::read(&dom::form_pairs(&form));
                    rows.go_to(|a| *a = new);
                }
            }
        >
            <Hidden rows=rows without=|name| name.starts_with("f.")/>
            <span class="no-js"><SubmitButton small=true>"Filter"</SubmitButton></span>
        </form>
        {clear}
    }
}

/// Which columns are shown, with what each of them means.
#[component]
pub fn ColumnsMenu(
    /// The rows whose columns are chosen.
    rows: Rows,
) -> impl IntoView {
    let (id, columns) = rows.query.with_value(|q| (q.id.clone(), q.columns.clone()));
    let form = NodeRef::<html::Form>::new();
    let all = columns.len();
    let take = move || {
        if let Some(form) = form.get_untracked() {
            let mut new = ResultAddress::read(&dom::form_pairs(&form));
            if new.columns.len() == all {
                new.columns.clear();
            }
            rows.go_to(|a| *a = new);
        }
    };
    let label = move || match rows.columns.with(Vec::len) {
        some if some == all => "Columns".to_owned(),
        some => format!("Columns: {some} of {all}"),
    };
    let entries = columns.into_iter().map(|column| {
        let (name, about) = (column.name.clone(), about(&column));
        let shown = Memo::new(move |_| rows.columns.with(|shown| shown.iter().any(|c| c.name == name)));
        view! {
            <li>
                <label>
                    <input type="checkbox" name="cols" value=column.name.clone() checked=shown.get_untracked() prop:checked=shown/>
                    <code>{column.name}</code>
                    <span class="hint">{about}</span>
                </label>
            </li>
        }
    });
    view! {
        <details class="menu right">
            <summary class="btn small"><Icon shape=Shape::Columns/><span class="words">{label}</span><Icon shape=Shape::Down/></summary>
            <div class="sheet choose-columns">
                <form method="get" action=format!("/queries/{id}") node_ref=form on:change=move |_| take()>
                    <Hidden rows=rows without=|name| name == "cols"/>
                    <ul>{entries.collect_view()}</ul>
                    <span class="no-js"><SubmitButton small=true>"Show these"</SubmitButton></span>
                </form>
            </div>
        </details>
    }
    .into_any()
}

//! The same rules on SQLite and on PostgreSQL: one text, run on both.

use crate::place::{Place, Postgres};
use crate::{asking, cancelling, containers, files, keeping, keys, queue, selecting, software, visitors};

macro_rules! on_both_stores {
    ($($noun:ident :: $rule:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    super::$noun::$rule(&super::Place::sqlite()).await;
                }
            )*
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn postgres() {
            let server = Postgres::start().await;
            $(
                eprintln!("{}", stringify!($noun::$rule));
                $noun::$rule(&Place::at(&server.new_database().await)).await;
            )*
        }
    };
}

on_both_stores! {
    asking::right_rows,
    asking::what_is_wrong_is_refused_before_it_is_kept,
    asking::visitors_get_fewer_rows_and_are_told,
    queue::fifty_at_once,
    queue::too_many_are_refused,
    cancelling::a_running_one_leaves_the_archive,
    keeping::removed_is_gone,
    keeping::expires_as_promised,
    keeping::a_visitors_become_the_users,
    keeping::a_result_in_the_basket_stays,
    visitors::what_they_leave_is_forgotten,
    files::baskets_read_back_equal,
    selecting::rows_go_in_and_out,
    selecting::notes_are_kept_as_written,
    selecting::two_devices_lose_nothing,
    keys::each_is_kept_once_and_belongs_to_one,
    keys::servers_that_carry_one,
    keys::two_tabs_keep_to_the_limit,
    software::favourites_belong_to_one,
    software::what_was_used_is_found_last_first,
    containers::belong_to_whom_they_are_shared_with,
    containers::secrets_of_private_registries_stay_secret,
    selecting::a_hundred_thousand_rows,
}

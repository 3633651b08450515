//! All SQL of servers.

use crate::clock::Micros;
use crate::db::{Db, retried};
use crate::providers::{Account, Room, Share};
use crate::work::{NewOperation, WorkStore};
use app::features::servers::model::CreateServer;
use sqlx::{Any, AnyConnection, Error, FromRow, Transaction};
use std::collections::HashSet;

/// A server.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ServerRow {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) state_since_us: Micros,
    pub(crate) site: String,
    /// `CreateServer` as JSON.
    pub(crate) choices: String,
    pub(crate) image_title: String,
    pub(crate) access_user: String,
    pub(crate) cores: i64,
    pub(crate) memory_mib: i64,
    pub(crate) disk_gib: i64,
    pub(crate) key_name: String,
    pub(crate) key_sha256: String,
    pub(crate) public_key: String,
    /// The site's id of it.
    pub(crate) machine: Option<String>,
    pub(crate) address: Option<String>,
    pub(crate) port: Option<i64>,
    /// Public lines as a JSON list.
    pub(crate) host_keys: String,
    /// What one should know although it works, or why it is off.
    pub(crate) remark: Option<String>,
    /// A `Failure` as JSON.
    pub(crate) failure: Option<String>,
    pub(crate) created_us: Micros,
    pub(crate) over_us: Option<Micros>,
    /// Whether a machine may still come of a request: 0 while one is on its way, else since when its answer is lost.
    pub(crate) unsettled_us: Option<Micros>,
    /// An [`Account`] as JSON: whose the machine is at the site.
    pub(crate) account: Option<String>,
}

impl ServerRow {
    /// As whom the site was asked for the machine, where that is known.
    pub(crate) fn made_as(&self) -> Option<Account> {
        self.account.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }

    /// Whether who is known to the site as this sees the machine there.
    pub(crate) fn is_seen_by(&self, account: Option<&Account>) -> bool {
        match (self.made_as(), account) {
            (Some(made), Some(now)) => made.project == now.project && made.user == now.user,
            _ => true,
        }
    }
}

impl ServerRow {
    /// What was chosen.
    pub(crate) fn choices(&self) -> CreateServer {
        serde_json::from_str(&self.choices).unwrap_or_default()
    }

    fn choices_without_user_data(&self) -> String {
        let choices = CreateServer { user_data: String::new(), ..self.choices() };
        serde_json::to_string(&choices).unwrap_or_else(|_| "{}".to_owned())
    }
}

/// What goes on at a server of the list.
#[derive(Debug, Clone, Default, FromRow)]
pub(crate) struct GoingOn {
    pub(crate) verb: Option<String>,
    pub(crate) position: Option<i64>,
    pub(crate) undoing: Option<i64>,
    pub(crate) waits_for: Option<String>,
    pub(crate) waits_why: Option<String>,
    pub(crate) note: Option<String>,
}

/// A server with what goes on.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ListedRow {
    #[sqlx(flatten)]
    pub(crate) server: ServerRow,
    #[sqlx(flatten)]
    pub(crate) going_on: GoingOn,
}

/// What is used together.
#[derive(Debug, Clone, Copy, Default, FromRow)]
pub(crate) struct Totals {
    pub(crate) servers: i64,
    pub(crate) cores: i64,
    pub(crate) memory_mib: i64,
    pub(crate) disk_gib: i64,
}

impl Totals {
    /// Where one account serves all users, what is written down counts before the site knows of it.
    pub(crate) fn count_in(&self, room: &mut Room) {
        let most = |share: &mut Share, used: i64| share.used = share.used.max(used.unsigned_abs());
        most(&mut room.servers, self.servers);
        most(&mut room.cores, self.cores);
        most(&mut room.memory_mib, self.memory_mib);
        most(&mut room.disk_gib, self.disk_gib);
    }
}

const COLUMNS: &str = "s.id, s.owner, s.name, s.state, s.state_since_us, s.site, s.choices, s.image_title, s.access_user, \
     s.cores, s.memory_mib, s.disk_gib, s.key_name, s.key_sha256, s.public_key, s.machine, s.address, s.port, s.host_keys, \
     s.remark, s.failure, s.created_us, s.over_us, s.unsettled_us, s.account";
/// Sums are cast, since a sum is a NUMERIC in PostgreSQL.
const TOTALS: &str = "SELECT COUNT(*) AS servers, CAST(COALESCE(SUM(cores), 0) AS BIGINT) AS cores, \
     CAST(COALESCE(SUM(memory_mib), 0) AS BIGINT) AS memory_mib, CAST(COALESCE(SUM(disk_gib), 0) AS BIGINT) AS disk_gib \
     FROM servers WHERE over_us IS NULL";

/// What makes a form that is sent twice one server; `number` counts the servers of the form.
pub(crate) fn request_key(owner: &str, request: &str, number: usize) -> String {
    format!("{owner}/{request}/{number:02}")
}

/// The tables of servers.
#[derive(Debug, Clone)]
pub(crate) struct ServerStore {
    db: Db,
}

impl ServerStore {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// A transaction in which nobody else counts servers of these scopes until it ends. Scopes are taken in the order
    /// given: always the user before the site.
    pub(crate) async fn count_alone(&self, scopes: [&str; 2]) -> Result<Transaction<'static, Any>, Error> {
        let mut transaction = self.db.begin().await?;
        for scope in scopes {
            sqlx::query(
                "INSERT INTO server_counts (scope, revision) VALUES ($1, 1) \
                 ON CONFLICT (scope) DO UPDATE SET revision = server_counts.revision + 1",
            )
            .bind(scope)
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction)
    }

    /// What a user's servers use together.
    pub(crate) async fn totals_of(&self, owner: &str) -> Result<Totals, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{TOTALS} AND owner = $1")))
                .bind(owner)
                .fetch_one(&self.db)
        )
    }

    /// What a site's servers use together.
    pub(crate) async fn totals_at(&self, site: &str) -> Result<Totals, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{TOTALS} AND site = $1")))
                .bind(site)
                .fetch_one(&self.db)
        )
    }

    /// The same inside a transaction; and what a site's servers use together.
    pub(crate) async fn totals_in(
        transaction: &mut Transaction<'_, Any>,
        owner: &str,
        site: &str,
    ) -> Result<(Totals, Totals), Error> {
        let of = |column: &str| sqlx::AssertSqlSafe(format!("{TOTALS} AND {column} = $1"));
        let user = sqlx::query_as(of("owner")).bind(owner).fetch_one(&mut **transaction).await?;
        let site = sqlx::query_as(of("site")).bind(site).fetch_one(&mut **transaction).await?;
        Ok((user, site))
    }

    /// The servers that a form made already, in the order of their names.
    pub(crate) async fn find_by_request(&self, owner: &str, request: &str) -> Result<Vec<String>, Error> {
        let keys = "SELECT id FROM servers WHERE owner = $1 AND request_key IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                    ORDER BY request_key";
        let mut query = sqlx::query_scalar(keys).bind(owner);
        for number in 0..10 {
            query = query.bind(request_key(owner, request, number));
        }
        query.fetch_all(&self.db).await
    }

    /// The names of a user's live servers.
    pub(crate) async fn list_names(&self, owner: &str) -> Result<HashSet<String>, Error> {
        let names: Vec<String> =
            sqlx::query_scalar("SELECT name FROM servers WHERE owner = $1 AND over_us IS NULL")
                .bind(owner)
                .fetch_all(&self.db)
                .await?;
        Ok(names.into_iter().collect())
    }

    /// Whether a live server of this user has this name.
    pub(crate) async fn has_name(&self, owner: &str, name: &str) -> Result<bool, Error> {
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM servers WHERE owner = $1 AND name = $2 AND over_us IS NULL",
        )
        .bind(owner)
        .bind(name)
        .fetch_one(&self.db)
        .await?;
        Ok(count > 0)
    }

    /// A new server with its wish to be made.
    pub(crate) async fn add(
        transaction: &mut Transaction<'_, Any>,
        row: &ServerRow,
        request_key: &str,
        operation: &NewOperation<'_>,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO servers (id, owner, name, request_key, state, state_since_us, site, choices, image_title, \
             access_user, cores, memory_mib, disk_gib, key_name, key_sha256, public_key, created_us) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $6)",
        )
        .bind(&row.id)
        .bind(&row.owner)
        .bind(&row.name)
        .bind(request_key)
        .bind(&row.state)
        .bind(row.created_us)
        .bind(&row.site)
        .bind(&row.choices)
        .bind(&row.image_title)
        .bind(&row.access_user)
        .bind(row.cores)
        .bind(row.memory_mib)
        .bind(row.disk_gib)
        .bind(&row.key_name)
        .bind(&row.key_sha256)
        .bind(&row.public_key)
        .execute(&mut **transaction)
        .await?;
        WorkStore::add(transaction, operation, row.created_us).await?;
        Ok(())
    }

    /// One server, whoever's.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<ServerRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM servers s WHERE s.id = $1")))
                .bind(id)
                .fetch_optional(&self.db)
        )
    }

    /// The same inside a transaction, which holds one connection and must not wait for another.
    pub(crate) async fn find_in(
        connection: &mut AnyConnection,
        id: &str,
    ) -> Result<Option<ServerRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM servers s WHERE s.id = $1")))
            .bind(id)
            .fetch_optional(connection)
            .await
    }

    /// One page of a user's servers with what goes on: what failed or vanished first, then newest first.
    pub(crate) async fn list(&self, owner: &str, offset: i64, most: i64) -> Result<Vec<ListedRow>, Error> {
        retried!(
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS}, o.verb, o.position, o.undoing, o.waits_for, o.waits_why, p.note FROM servers s \
                 LEFT JOIN operations o ON o.subject = s.id AND o.ending IS NULL \
                 LEFT JOIN operation_steps p ON p.operation_id = o.id AND p.position = o.position \
                 WHERE s.owner = $1 AND s.dismissed_us IS NULL \
                 ORDER BY CASE WHEN s.state IN ('failed', 'vanished') THEN 0 ELSE 1 END, s.created_us DESC, s.id \
                 LIMIT $2 OFFSET $3"
            )))
            .bind(owner)
            .bind(most)
            .bind(offset)
            .fetch_all(&self.db)
        )
    }

    /// A text that changes with everything that moves at a user's servers.
    pub(crate) async fn mark(&self, owner: &str) -> Result<String, Error> {
        let (count, since, steps): (i64, i64, i64) = retried!(
            sqlx::query_as(
                "SELECT COUNT(*), COALESCE(MAX(s.state_since_us), 0), \
                 CAST(COALESCE(SUM(o.position + o.attempts + 1 + 100 * o.undoing), 0) AS BIGINT) FROM servers s \
                 LEFT JOIN operations o ON o.subject = s.id AND o.ending IS NULL \
                 WHERE s.owner = $1 AND s.dismissed_us IS NULL"
            )
            .bind(owner)
            .fetch_one(&self.db)
        )?;
        Ok(format!("{count}.{since}.{steps}"))
    }

    /// What goes on at one server.
    pub(crate) async fn going_on(&self, id: &str) -> Result<GoingOn, Error> {
        let found: Option<GoingOn> = retried!(
            sqlx::query_as(
                "SELECT o.verb, o.position, o.undoing, o.waits_for, o.waits_why, p.note FROM operations o \
                 LEFT JOIN operation_steps p ON p.operation_id = o.id AND p.position = o.position \
                 WHERE o.subject = $1 AND o.ending IS NULL"
            )
            .bind(id)
            .fetch_optional(&self.db)
        )?;
        Ok(found.unwrap_or_default())
    }

    /// How many servers a user's list has.
    pub(crate) async fn count(&self, owner: &str) -> Result<i64, Error> {
        sqlx::query_scalar("SELECT COUNT(*) FROM servers WHERE owner = $1 AND dismissed_us IS NULL")
            .bind(owner)
            .fetch_one(&self.db)
            .await
    }

    /// Servers at a site with nothing under way, for the reconciler.
    pub(crate) async fn list_at(&self, site: &str) -> Result<Vec<ServerRow>, Error> {
        sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM servers s WHERE s.site = $1 AND s.over_us IS NULL AND NOT EXISTS \
             (SELECT 1 FROM operations o WHERE o.subject = s.id AND o.ending IS NULL)"
        )))
        .bind(site)
        .fetch_all(&self.db)
        .await
    }

    /// Writes a state down, where it is another one; with what one should know about it.
    pub(crate) async fn set_state(
        &self,
        id: &str,
        state: &str,
        remark: Option<&str>,
        now: Micros,
    ) -> Result<(), Error> {
        let mut connection = self.db.acquire().await?;
        Self::set_state_in(&mut connection, id, state, remark, now).await
    }

    /// The same inside a transaction.
    pub(crate) async fn set_state_in(
        connection: &mut AnyConnection,
        id: &str,
        state: &str,
        remark: Option<&str>,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE servers SET state_since_us = CASE WHEN state = $2 THEN state_since_us ELSE $4 END, state = $2, remark = $3 \
             WHERE id = $1 AND over_us IS NULL",
        )
        .bind(id)
        .bind(state)
        .bind(remark)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Begins an operation at a server, with the state that it is at then. False where another is under way. A deletion
    /// takes the place of switching on or off, which leaves nothing behind. Operations are written before servers, here and
    /// where they end, so that the two never wait for each other.
    pub(crate) async fn begin(
        &self,
        row: &ServerRow,
        state: &str,
        operation: &NewOperation<'_>,
        now: Micros,
    ) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        if operation.verb == "delete" {
            WorkStore::give_way(&mut transaction, &row.id, operation.verb).await?;
        }
        if !WorkStore::add(&mut transaction, operation, now).await? {
            return Ok(false);
        }
        sqlx::query("UPDATE servers SET state = $2, state_since_us = $3, failure = NULL, remark = NULL WHERE id = $1 AND over_us IS NULL")
            .bind(&row.id)
            .bind(state)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Calls off the making of a server; false where it is not being made.
    pub(crate) async fn call_off(&self, id: &str, now: Micros) -> Result<bool, Error> {
        let mut transaction = self.db.begin().await?;
        if !WorkStore::call_off(&mut transaction, id, "create", now).await? {
            return Ok(false);
        }
        Self::set_state_in(&mut transaction, id, "deleting", None, now).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// There is no machine behind it any more.
    pub(crate) async fn end(&self, id: &str, state: &str, now: Micros) -> Result<(), Error> {
        let mut connection = self.db.acquire().await?;
        Self::end_in(&mut connection, id, state, None, now).await
    }

    /// The same inside a transaction, with why.
    pub(crate) async fn end_in(
        connection: &mut AnyConnection,
        id: &str,
        state: &str,
        failure: Option<&str>,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE servers SET state = $2, state_since_us = $4, failure = $3, over_us = $4, remark = NULL WHERE id = $1 \
             AND over_us IS NULL",
        )
        .bind(id)
        .bind(state)
        .bind(failure)
        .bind(now)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// One that had vanished is there again. False where its name has been given to another since.
    pub(crate) async fn bring_back(&self, id: &str, state: &str, now: Micros) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE servers SET state = $2, state_since_us = $3, over_us = NULL, dismissed_us = NULL \
             WHERE id = $1 AND state = 'vanished'",
        )
        .bind(id)
        .bind(state)
        .bind(now)
        .execute(&self.db)
        .await;
        match done {
            Ok(done) => Ok(done.rows_affected() == 1),
            Err(Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What failed at a server that lives on.
    pub(crate) async fn set_failure_in(
        connection: &mut AnyConnection,
        id: &str,
        failure: Option<&str>,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET failure = $2 WHERE id = $1")
            .bind(id)
            .bind(failure)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// The site's id of it.
    pub(crate) async fn set_machine(&self, id: &str, machine: &str) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET machine = $2, unsettled_us = NULL WHERE id = $1")
            .bind(id)
            .bind(machine)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Whether a machine may still come of a request.
    pub(crate) async fn set_unsettled(&self, id: &str, unsettled: Option<Micros>) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET unsettled_us = $2 WHERE id = $1")
            .bind(id)
            .bind(unsettled)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Whose the machine is at the site.
    pub(crate) async fn set_account(&self, id: &str, account: &Account) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET account = $2 WHERE id = $1")
            .bind(id)
            .bind(serde_json::to_string(account).unwrap_or_default())
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Where it is reached and as whom.
    pub(crate) async fn set_address(
        &self,
        id: &str,
        address: Option<&str>,
        port: u16,
        user: &str,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET address = $2, port = $3, access_user = $4 WHERE id = $1")
            .bind(id)
            .bind(address)
            .bind(i64::from(port))
            .bind(user)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// The machine's own keys.
    pub(crate) async fn set_host_keys(&self, id: &str, lines: &str) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET host_keys = $2 WHERE id = $1")
            .bind(id)
            .bind(lines)
            .execute(&self.db)
            .await?;
        Ok(())
    }

    /// Another name; false where another live server of the owner has it.
    pub(crate) async fn rename(&self, row: &ServerRow, name: &str) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE servers SET name = $2 WHERE id = $1 AND NOT EXISTS \
             (SELECT 1 FROM servers o WHERE o.owner = $3 AND o.name = $2 AND o.over_us IS NULL AND o.id <> $1)",
        )
        .bind(&row.id)
        .bind(name)
        .bind(&row.owner)
        .execute(&self.db)
        .await;
        match done {
            Ok(done) => Ok(done.rows_affected() == 1),
            Err(Error::Database(error)) if error.is_unique_violation() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes one that is over off the list, and forgets its user data.
    pub(crate) async fn dismiss(&self, row: &ServerRow, now: Micros) -> Result<(), Error> {
        sqlx::query(
            "UPDATE servers SET dismissed_us = $2, choices = $3 WHERE id = $1 AND over_us IS NOT NULL",
        )
        .bind(&row.id)
        .bind(now)
        .bind(row.choices_without_user_data())
        .execute(&self.db)
        .await?;
        Ok(())
    }

    /// Forgets the user data of one that is gone: it may hold secrets.
    pub(crate) async fn forget_user_data_in(
        connection: &mut AnyConnection,
        row: &ServerRow,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE servers SET choices = $2 WHERE id = $1")
            .bind(&row.id)
            .bind(row.choices_without_user_data())
            .execute(connection)
            .await?;
        Ok(())
    }

    /// Writes down what happened. Two processes that do so at once try again.
    pub(crate) async fn add_event(&self, id: &str, what: &str, now: Micros) -> Result<(), Error> {
        for last in [false, false, true] {
            let done = sqlx::query(
                "INSERT INTO server_events (server_id, at_us, number, what) SELECT $1, $2, \
                 COALESCE((SELECT MAX(number) FROM server_events WHERE server_id = $1), 0) + 1, $3",
            )
            .bind(id)
            .bind(now)
            .bind(what)
            .execute(&self.db)
            .await;
            match done {
                Err(Error::Database(error)) if error.is_unique_violation() && !last => {}
                other => return other.map(drop),
            }
        }
        Ok(())
    }

    /// The first that happened to a new server, in the transaction that writes it down.
    pub(crate) async fn add_first_event_in(
        connection: &mut AnyConnection,
        id: &str,
        what: &str,
        now: Micros,
    ) -> Result<(), Error> {
        sqlx::query("INSERT INTO server_events (server_id, at_us, number, what) VALUES ($1, $2, 1, $3)")
            .bind(id)
            .bind(now)
            .bind(what)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// What happened last, newest first.
    pub(crate) async fn list_events(&self, id: &str, most: i64) -> Result<Vec<(Micros, String)>, Error> {
        retried!(
            sqlx::query_as(
                "SELECT at_us, what FROM server_events WHERE server_id = $1 ORDER BY number DESC LIMIT $2"
            )
            .bind(id)
            .bind(most)
            .fetch_all(&self.db)
        )
    }

    /// What a user chose last, as JSON.
    pub(crate) async fn last_choices(&self, owner: &str) -> Result<Option<String>, Error> {
        sqlx::query_scalar("SELECT choices FROM server_choices WHERE owner = $1")
            .bind(owner)
            .fetch_optional(&self.db)
            .await
    }

    /// Remembers what a user chose.
    pub(crate) async fn remember_choices(&self, owner: &str, choices: &str) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO server_choices (owner, choices) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET choices = $2",
        )
        .bind(owner)
        .bind(choices)
        .execute(&self.db)
        .await?;
        Ok(())
    }
}

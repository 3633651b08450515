//! The steps of each verb, with how long each may take and how it is called on the page.

use crate::work::Step;

const fn step(name: &'static str, deadline_s: i64, too_late: &'static str) -> Step {
    Step { name, deadline_s, too_late }
}

const KEY: Step = step("key", 300, "The site did not take the access key in five minutes.");
const ROOM: Step = step("room", 300, "The site did not say in five minutes what room there is.");
const REQUEST: Step = step("request", 600, "The site did not take the request in ten minutes.");
const START: Step = step("start", 1200, "The machine did not start in twenty minutes.");
const ADDRESS: Step = step("address", 600, "The machine got no address in ten minutes.");
/// Its own patience is the configuration's; this is for a site that answers nothing at all.
const SSH: Step = step("ssh", 7200, "The machine could not be looked at for two hours.");
const ON: Step = step("on", 300, "The site did not switch the machine on in five minutes.");
const OFF: Step =
    step("off", 300, "The site did not take the order to switch the machine off in five minutes.");
const ANEW: Step =
    step("anew", 300, "The site did not take the order to start the machine anew in five minutes.");
const RUNNING: Step = step("running", 600, "The machine did not run again in ten minutes.");
const IS_OFF: Step = step("is-off", 600, "The machine did not go off in ten minutes.");
const REMOVE: Step =
    step("remove", 3600, "The site did not take the order to remove the machine in an hour.");
const GONE: Step = step("gone", 7200, "The machine was still there two hours after the order to remove it.");
const ADDRESS_BACK: Step = step("address-back", 3600, "The site did not take the address back in an hour.");
const KEY_BACK: Step = step("key-back", 3600, "The site did not remove the access key in an hour.");

/// The steps of a verb, in order.
pub(crate) fn of(verb: &str) -> &'static [Step] {
    match verb {
        "create" => &[KEY, ROOM, REQUEST, START, ADDRESS, SSH],
        "start" => &[ON, RUNNING, SSH],
        "reboot" => &[ANEW, RUNNING, SSH],
        "stop" => &[OFF, IS_OFF],
        "delete" => &[REMOVE, GONE, ADDRESS_BACK, KEY_BACK],
        _ => &[],
    }
}

/// A step as the page calls it.
pub(crate) fn title(name: &str) -> &'static str {
    match name {
        "key" => "Access key in place",
        "room" => "Room checked",
        "request" => "Machine requested",
        "start" => "Machine started",
        "running" => "Machine running",
        "address" => "Address assigned",
        "ssh" => "ssh answers",
        "on" => "Told to start",
        "off" => "Told to stop",
        "anew" => "Told to start anew",
        "is-off" => "Machine off",
        "remove" => "Told to go",
        "gone" => "Machine and disk gone",
        "address-back" => "Address given back",
        "key-back" => "Access key removed from the site",
        _ => "Step",
    }
}

/// What went on, as the page calls it when it is over.
pub(crate) fn past_title(verb: &str, ending: &str) -> String {
    let done = match verb {
        "create" => "Created",
        "start" => "Started",
        "reboot" => "Rebooted",
        "stop" => "Stopped",
        "delete" => "Deleted",
        _ => "Done",
    };
    match ending {
        "done" => done.to_owned(),
        "undone" => format!("{} was called off", verb_title(verb)),
        _ => format!("{} did not work", verb_title(verb)),
    }
}

/// What goes on, as the page calls it.
pub(crate) fn verb_title(verb: &str) -> &'static str {
    match verb {
        "create" => "Creating",
        "start" => "Starting",
        "reboot" => "Rebooting",
        "stop" => "Stopping",
        "delete" => "Deleting",
        _ => "Working",
    }
}

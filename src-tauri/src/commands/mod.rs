//! What the pages may ask for, one file a screen. `build.rs` lists the same names, and the capability allows each.
//!
//! Pages name the school that they stand for. A question is answered about that one, shown or not; what changes something
//! is done where the window still shows it, or not at all.

mod card;
mod case;
mod contacts;
mod decisions;
mod devices;
mod export;
mod find;
mod first_start;
mod insights;
mod locations;
mod logins;
mod places;
mod schools;
mod settings;
mod sync;
mod update;
mod violations;

use tauri::ipc::Invoke;

pub(crate) use export::Export;

/// Every command.
pub(crate) fn all() -> impl Fn(Invoke) -> bool {
    tauri::generate_handler![
        first_start::overview,
        first_start::check_server,
        first_start::connect_school,
        first_start::open_demo,
        first_start::open_school,
        schools::schools,
        schools::unlock,
        schools::lock,
        schools::in_use,
        schools::set_passphrase,
        schools::renew_token,
        schools::sign_out,
        schools::erase_school,
        sync::status,
        sync::sync_state,
        sync::sync_now,
        sync::access_control,
        contacts::contacts,
        contacts::painted,
        card::contact,
        card::sessions,
        card::session_position,
        card::devices,
        card::restrictions,
        logins::logins,
        logins::login_summary,
        logins::saved_views,
        logins::save_view,
        logins::drop_view,
        violations::violations,
        violations::violation_groups,
        violations::violation_choices,
        violations::set_verdict,
        violations::clear_verdict,
        violations::verdicts,
        export::export_view,
        export::stop_export,
        export::show_written,
        case::case_facts,
        case::evidence,
        case::warning,
        case::set_warning,
        insights::insights,
        insights::insight,
        insights::insight_status,
        insights::insight_settings,
        insights::set_insight_settings,
        insights::would_flag,
        insights::what_if,
        insights::would_hit,
        devices::school_devices,
        devices::name_device,
        devices::join_devices,
        devices::part_device,
        devices::regroup_devices,
        places::activity_strip,
        places::places_visited,
        places::others_at,
        places::others_with,
        places::kept_months,
        places::keep_months,
        places::erase_contact,
        find::find_everywhere,
        find::note_opened,
        locations::location_databases,
        locations::choose_location_database,
        locations::forget_location_databases,
        locations::placing,
        decisions::decide,
        decisions::block_effects,
        decisions::unviewed_restrictions,
        decisions::set_check_exception,
        decisions::check_exceptions,
        decisions::check_exception,
        sync::waiting,
        sync::resolve,
        sync::unreadable,
        settings::language_in_force,
        settings::settings,
        settings::settings_problem,
        settings::set_settings,
        settings::pause_notifications,
        settings::test_notification,
        update::update_state,
        update::update_check,
        update::update_install,
        settings::place_wanted,
        settings::quit,
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// What stands in a text between the first of `from` and the next `to`.
    fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
        let (_, behind) = text.split_once(from).expect("it begins");
        behind.split_once(to).expect("it ends").0
    }

    #[test]
    fn every_command_is_named_to_the_build_and_allowed_to_the_window() {
        let answered: BTreeSet<String> = between(include_str!("mod.rs"), "generate_handler![", "]")
            .split(',')
            .filter_map(|path| Some(path.trim().split_once("::")?.1.to_owned()))
            .collect();
        let named: BTreeSet<String> = between(include_str!("../../build.rs"), "COMMANDS: &[&str] = &[", "]")
            .split(',')
            .map(|name| name.trim().trim_matches('"').to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../../capabilities/window.json")).expect("JSON");
        let allowed: BTreeSet<String> = capability["permissions"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|permission| Some(permission.as_str()?.strip_prefix("allow-")?.replace('-', "_")))
            .collect();

        assert!(answered.contains("regroup_devices"), "{answered:?}");
        assert_eq!(answered, named);
        assert_eq!(answered, allowed);
    }
}

//! Another language is chosen while the program runs: what is kept is said anew, and the server hears of it.

use std::{future::pending, time::Duration};

use hallmonitor_core::{Engine, model::SyncState};
use hallmonitor_language::Language;
use tokio::time::timeout;

use crate::owner::owner_of_one;

/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(60);

const HOUR: Duration = Duration::from_secs(3_600);

/// The problem as soon as it reads like this.
async fn problem_with(engine: &Engine, words: &str) -> String {
    let mut state = engine.state();
    let said = |state: &SyncState| state.problem.as_ref().is_some_and(|problem| problem.message.contains(words));
    let seen = timeout(DEADLINE, state.wait_for(said)).await.expect("it is said").expect("the engine runs").clone();
    seen.problem.expect("it was seen").message
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_problem_is_said_anew_and_the_server_asked_in_the_language_that_was_chosen() {
    let (owner, _) = owner_of_one().await;
    let tokens = owner.school.school.tokens().await.expect("tokens");
    let token = tokens.iter().find(|token| token.name == "Owner").expect("the owner's");
    owner.school.school.revoke_token(token.id).await.expect("revoked");

    let engine = Engine::start(owner.core.clone(), HOUR, pending());
    engine.sync_now();
    let english = problem_with(&engine, "refuses the token").await;
    assert!(english.is_ascii(), "{english}");

    // No turn comes for an hour: the sentence is ours, and what the server said is still as it said it.
    owner.app.set_language(Language::Ukrainian);
    let ours = problem_with(&engine, "не приймає токен").await;
    let (_, servers) = english.split_once("): ").expect("the server's words");
    assert!(ours.ends_with(servers), "{ours}");

    engine.sync_now();
    let both = problem_with(&engine, "Можливо, токен перевипущено?").await;
    assert!(both.contains("не приймає токен"), "{both}");
    engine.stop().await;
    // A cache that is still at work when its process takes itself down may crash there.
    owner.core.close().await;
}

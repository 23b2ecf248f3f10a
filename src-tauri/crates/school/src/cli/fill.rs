//! `seed` and `simulate`: an invented school, and students who go on living in it.

use super::{
    Failure,
    arguments::{SeedArguments, SimulateArguments},
    print::Printer,
};
use crate::School;

pub(super) async fn seed(_school: &School, _plan: &SeedArguments, _printer: Printer) -> Result<(), Failure> {
    Err("not there yet".into())
}

pub(super) async fn simulate(_plan: &SimulateArguments) -> Result<(), Failure> {
    Err("not there yet".into())
}

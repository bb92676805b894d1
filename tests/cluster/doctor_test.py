#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks a real cluster in many ways, one after the other: `wasmup doctor` must name each, and cure what it claims to.

    KUBECONFIG=... IMAGE=127.0.0.1:5000/wasmup PULL_IMAGE=registry:5000/wasmup tests/cluster/doctor_test.py [CASE...]

IMAGE is what this machine pushes to, PULL_IMAGE what the gateway calls the same (default: IMAGE). The cluster must have
Envoy Gateway and GatewayClass `eg`. Everything is made in a namespace of its own, which goes at the end; what is broken
outside of it (the controller and its secret) is mended after each case. Before the first case and after each, the
doctor must find nothing: a case that would pass without its break fails there.
"""
import base64
import gzip
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WASMUP = os.environ.get("WASMUP", str(ROOT / "wasmup"))
IMAGE = os.environ.get("IMAGE", "127.0.0.1:5000/wasmup") + "-doctor"
PULL_IMAGE = os.environ.get("PULL_IMAGE", IMAGE.removesuffix("-doctor")).removesuffix("-doctor") + "-doctor"
SPACE = "wasmup-doctor"
PORT = 8089
SYSTEM = "envoy-gateway-system"
POLICY = "envoyextensionpolicies.gateway.envoyproxy.io"
BACKEND = os.environ.get("BACKEND_IMAGE", "ghcr.io/mccutchen/go-httpbin:v2.13.4")
PATIENCE = 180  # seconds, for a cluster to follow


class Failed(Exception):
    pass


def run(*argv, check=True, text=None):
    done = subprocess.run(argv, input=text, capture_output=True, text=True, timeout=300)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(argv)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def kubectl(*argv, **more):
    return run("kubectl", *argv, **more)


def get(kind, name, space=SPACE):
    return json.loads(kubectl("get", kind, name, "-n", space, "-o", "json").stdout)


def apply(*objects):
    everything = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    kubectl("apply", "--server-side", "--force-conflicts", "--field-manager=doctor-test", "-f", "-", text=json.dumps(everything))


def patch(kind, name, change, space=SPACE, how="merge"):
    kubectl("patch", kind, name, "-n", space, f"--type={how}", "-p", json.dumps(change))


# Images, also such as wasmup would not make


def blob(layout, data):
    digest = hashlib.sha256(data).hexdigest()
    (layout / "blobs/sha256" / digest).write_bytes(data)
    return {"digest": f"sha256:{digest}", "size": len(data)}


def push(tag, module, name="plugin.wasm", index=False):
    """An OCI image with one file; the digest of its manifest, or of an index around it."""
    with tempfile.TemporaryDirectory() as folder:
        layout = pathlib.Path(folder)
        (layout / "blobs/sha256").mkdir(parents=True)
        (layout / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            entry = tarfile.TarInfo(name)
            entry.size = len(module)
            tar.addfile(entry, io.BytesIO(module))
        layer = blob(layout, gzip.compress(archive.getvalue(), mtime=0))
        diff = hashlib.sha256(archive.getvalue()).hexdigest()
        config = blob(layout, json.dumps({"architecture": "amd64", "os": "linux",
                                          "rootfs": {"type": "layers", "diff_ids": [f"sha256:{diff}"]}}).encode())
        oci = "application/vnd.oci.image."
        manifest = blob(layout, json.dumps({
            "schemaVersion": 2, "mediaType": oci + "manifest.v1+json",
            "config": {"mediaType": oci + "config.v1+json", **config},
            "layers": [{"mediaType": oci + "layer.v1.tar+gzip", **layer}]}).encode())
        top = {"mediaType": oci + "manifest.v1+json", **manifest}
        if index:
            top["platform"] = {"architecture": "amd64", "os": "linux"}
            whole = blob(layout, json.dumps({"schemaVersion": 2, "mediaType": oci + "index.v1+json", "manifests": [top]}).encode())
            top = {"mediaType": oci + "index.v1+json", **whole}
        (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [top]}))
        run("skopeo", "copy", "--quiet", "--all", "--preserve-digests", "--dest-tls-verify=false", f"oci:{folder}",
            f"docker://{IMAGE}:{tag}")
        return top["digest"].removeprefix("sha256:")


def assemble(name):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "module.wasm"
        run("wat2wasm", str(ROOT / "tests/modules" / f"{name}.wat"), "-o", str(out))
        return out.read_bytes()


# The doctor


def doctor(*flags):
    done = run(WASMUP, "doctor", "--json", "-n", SPACE, *flags, check=False)
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise Failed(f"wasmup doctor, exit code {done.returncode}:\n{done.stdout}{done.stderr}") from error
    if done.returncode != (0 if report["ok"] else 1):
        raise Failed(f"exit code {done.returncode} with {len(report['findings'])} findings")
    # What others in the same cluster are at is not our affair.
    return [one for one in report["findings"] if SPACE in one["evidence"] or SYSTEM in one["evidence"]
            or one["name"] in GLOBAL or "wasm cache" in one["evidence"]]


GLOBAL = {"crd-missing", "crd-version", "cluster-unreachable", "cluster-forbidden", "gatewayclass-not-accepted"}


def wait_for(what, holds):
    until = time.monotonic() + PATIENCE
    while True:
        seen = holds()
        if seen is True:
            return
        if time.monotonic() >= until:
            raise Failed(f"{what}: not within {PATIENCE} s; {seen}")
        time.sleep(1)


def expect_finding(name):
    def holds():
        found = doctor()
        return any(one["name"] == name for one in found) or [one["name"] for one in found]
    wait_for(f"the doctor finds {name}", holds)
    return next((one for one in doctor() if one["name"] == name), {})


def expect_health():
    def holds():
        found = doctor()
        return not found or [(one["name"], one["evidence"]) for one in found]
    wait_for("the doctor finds nothing", holds)


# What is broken, and mended

REQUESTS = json.dumps({"requests": [{"name": "the header is there", "path": "/get", "headers": {"host": "doctor.example.com"},
                                     "expect": {"headers": {"x-wasm-custom": "FOO"}}}]})


def deploy(*flags):
    run(WASMUP, "deploy", f"{PULL_IMAGE}:good", "--push-to", f"{IMAGE}:good", "--target", "HTTPRoute/doctor", "-n", SPACE,
        "--name", "doctor", "--expect", "x-wasm-custom=FOO", "--path", "/get", "--wait", "120s", "--take-over", *flags)


def set_image(tag, digest=None, mark=True, **more):
    """The policy's image, without anybody who checks it; with the mark that a proxy needs to take a new module for one."""
    image = {"url": f"{PULL_IMAGE}:{tag}", "sha256": digest, **more}
    change = [{"op": "replace", "path": "/spec/wasm/0/code/image", "value":
               {key: value for key, value in image.items() if value is not None}}]
    if mark:
        keys = [f"WASMUP_MODULE_{digest[:12]}"] if digest else []
        change.append({"op": "replace", "path": "/spec/wasm/0/env", "value": {"hostKeys": keys}})
    patch(POLICY, "doctor", change, how="json")


def set_requests(text):
    patch(POLICY, "doctor", {"metadata": {"annotations": {"wasmup/requests": text}}})


def restart_controller():
    kubectl("-n", SYSTEM, "rollout", "restart", "deployment/envoy-gateway")
    kubectl("-n", SYSTEM, "rollout", "status", "deployment/envoy-gateway", "--timeout=180s")


def secret():
    return get("secret", "envoy-oidc-hmac", SYSTEM)


def restore_secret(saved):
    saved["metadata"] = {"name": "envoy-oidc-hmac", "namespace": SYSTEM, "labels": saved["metadata"].get("labels", {})}
    apply(saved)


def backend():
    labels = {"app": "httpbin"}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "httpbin", "namespace": SPACE},
         "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": {
             "containers": [{"name": "httpbin", "image": BACKEND, "imagePullPolicy": "IfNotPresent",
                             "ports": [{"containerPort": 8080}]}]}}}},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "httpbin", "namespace": SPACE},
         "spec": {"selector": labels, "ports": [{"port": 8080, "targetPort": 8080}]}},
        gateway("doctor", [("http", PORT, None)]),
        route("doctor", "httpbin"),
    ]


def gateway(name, listeners, **more):
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": name, "namespace": SPACE},
            "spec": {"gatewayClassName": "eg", **more, "listeners": [
                {"name": one, "port": port, "protocol": "HTTP", **({"hostname": host} if host else {})}
                for one, port, host in listeners]}}


def route(name, service, parent="doctor", host="doctor.example.com"):
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": name, "namespace": SPACE},
            "spec": {"hostnames": [host], "parentRefs": [{"name": parent}],
                     "rules": [{"backendRefs": [{"name": service, "port": 8080}]}]}}


def remove(kind, name, *where):
    kubectl("delete", kind, name, *(where or ("-n", SPACE)), "--ignore-not-found", "--timeout=120s")


CASES = []


def case(finding, fix=False):
    """A generator: it breaks something before its yield, and mends it after; with `fix`, the doctor has mended it."""
    def register(function):
        CASES.append((function.__name__, finding, fix, function))
        return function
    return register


@case("wasm-cache-secret-missing", fix=True)
def secret_deleted():
    saved = secret()
    kubectl("-n", SYSTEM, "delete", "secret", "envoy-oidc-hmac")
    yield
    restore_secret(saved)


@case("wasm-cache-key-missing", fix=True)
def secret_without_its_key():
    saved = secret()
    patch("secret", "envoy-oidc-hmac", {"data": {"hmac-secret": None, "other": base64.b64encode(b"x").decode()}}, SYSTEM)
    yield
    restore_secret(saved)


@case("wasm-cache-down", fix=True)
def controller_started_without_the_secret():
    saved = secret()
    kubectl("-n", SYSTEM, "delete", "secret", "envoy-oidc-hmac")
    restart_controller()
    yield
    restore_secret(saved)


@case("controller-not-ready", fix=True)
def controller_scaled_to_none():
    kubectl("-n", SYSTEM, "scale", "deployment/envoy-gateway", "--replicas=0")
    yield


@case("crd-version")
def definition_of_another_version():
    saved = json.loads(kubectl("get", "crd", POLICY, "-o", "json").stdout)
    patch("crd", POLICY, [{"op": "remove", "path":
                           "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/wasm"}], how="json")
    yield
    wasm = saved["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["wasm"]
    patch("crd", POLICY, [{"op": "add", "path":
                           "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/wasm", "value": wasm}], how="json")
    remove(POLICY, "doctor")


@case("policy-target-missing")
def policy_for_a_route_that_is_not_there():
    patch(POLICY, "doctor", [{"op": "replace", "path": "/spec/targetRefs/0/name", "value": "none"}], how="json")
    yield


@case("module-mark-stale")
def image_changed_by_hand():
    set_image("logging", DIGESTS["logging"], mark=False)
    yield


@case("image-digest-wrong")
def digest_of_something_else():
    set_image("good", "0" * 64)
    yield


@case("image-digest-wrong")
def digest_of_an_index():
    set_image("index", DIGESTS["index"])
    yield


@case("image-missing")
def tag_that_is_not_there():
    set_image("none")
    yield


@case("registry-unreachable")
def registry_that_is_not_there():
    patch(POLICY, "doctor", [{"op": "replace", "path": "/spec/wasm/0/code/image", "value":
                              {"url": "127.0.0.1:9/wasmup:1"}}, {"op": "remove", "path": "/spec/wasm/0/env"}], how="json")
    yield


@case("image-layout")
def image_without_plugin_wasm():
    set_image("other-name", DIGESTS["other-name"])
    yield


@case("module-not-loaded")
def module_that_envoy_does_not_load():
    set_image("missing-import", DIGESTS["missing-import"])
    yield


@case("config-refused")
def configuration_that_the_filter_refuses():
    set_image("logging", DIGESTS["logging"])
    patch(POLICY, "doctor", [{"op": "add", "path": "/spec/wasm/0/config", "value": {"a": 1}}], how="json")
    yield
    patch(POLICY, "doctor", [{"op": "remove", "path": "/spec/wasm/0/config"}], how="json")


@case("module-traps")
def module_that_traps():
    set_image("trapping", DIGESTS["trapping"])
    set_requests(REQUESTS.replace('"headers": {"host"', '"headers": {"x-trap": "1", "host"', 1))
    yield


@case("traffic-not-as-expected")
def module_that_sets_no_header():
    set_image("logging", DIGESTS["logging"])
    yield


@case("backend-without-endpoints")
def backend_scaled_to_none():
    kubectl("-n", SPACE, "scale", "deployment/httpbin", "--replicas=0")
    yield
    kubectl("-n", SPACE, "scale", "deployment/httpbin", "--replicas=1")


@case("route-backend-missing")
def route_to_a_service_that_is_not_there():
    apply(route("lost", "none", host="lost.example.com"))
    yield
    remove("httproute", "lost")


@case("route-parent-missing")
def route_on_a_gateway_that_is_not_there():
    apply(route("lost", "httpbin", parent="none", host="lost.example.com"))
    yield
    remove("httproute", "lost")


@case("policy-conflict")
def two_policies_for_one_route():
    second = get(POLICY, "doctor")
    second["metadata"] = {"name": "second", "namespace": SPACE}
    second.pop("status", None)
    apply(second)
    yield
    remove(POLICY, "second")


@case("pull-secret-missing")
def pull_secret_that_is_not_there():
    set_image("good", DIGESTS["good"], pullSecretRef={"name": "login"})
    yield


@case("pull-secret-wrong")
def pull_secret_without_a_login():
    apply({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login", "namespace": SPACE}, "stringData": {"a": "b"}})
    set_image("good", DIGESTS["good"], pullSecretRef={"name": "login"})
    yield
    remove("secret", "login")


@case("listener-conflict")
def two_listeners_on_one_port():
    twice = gateway("twice", [("a", PORT + 1, None), ("b", PORT + 1, None)])
    twice["spec"]["listeners"][1]["protocol"] = "TCP"  # of two for HTTP, the API server itself refuses the second
    apply(twice)
    yield
    remove("gateway", "twice")


@case("gatewayclass-not-accepted")
def class_whose_parameters_are_not_there():
    apply({"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "metadata": {"name": SPACE},
           "spec": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller", "parametersRef": {
               "group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", "namespace": SPACE, "name": "none"}}})
    yield
    remove("gatewayclass", SPACE, "--wait")


@case("gateway-not-programmed")
def gateway_whose_proxy_does_not_start():
    apply({"apiVersion": "gateway.envoyproxy.io/v1alpha1", "kind": "EnvoyProxy", "metadata": {"name": "odd", "namespace": SPACE},
           "spec": {"provider": {"type": "Kubernetes", "kubernetes": {"envoyDeployment": {"container": {
               "image": "127.0.0.1:9/envoy:none"}}}}}},
          gateway("stuck", [("http", PORT + 2, None)], infrastructure={"parametersRef": {
              "group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", "name": "odd"}}))
    yield
    remove("gateway", "stuck")
    remove("envoyproxy", "odd")


DIGESTS = {}


def play(name, finding, fix, function):
    begun = time.monotonic()
    steps = function()
    next(steps)
    try:
        seen = expect_finding(finding)
        if fix:
            if not seen.get("fixes"):
                raise Failed(f"{finding} claims no cure")
            doctor("--fix", "--yes")
            expect_health()
    finally:
        if not fix:
            for _ in steps:
                pass
            deploy()
    expect_health()
    print(f"ok      {name}: {finding}{', cured' if fix else ''}  {time.monotonic() - begun:.0f} s", flush=True)


def main(wanted):
    unknown = set(wanted) - {one[0] for one in CASES}
    if unknown:
        sys.exit(f"no such case: {', '.join(sorted(unknown))}; there are: {' '.join(one[0] for one in CASES)}")
    failed = []
    apply(*backend())
    try:
        kubectl("-n", SPACE, "rollout", "status", "deployment/httpbin", "--timeout=180s")
        with tempfile.TemporaryDirectory() as folder:
            module = pathlib.Path(folder) / "good.wasm"
            run(WASMUP, "build", str(ROOT / "filters/add_header"), "-o", str(module))
            DIGESTS["good"] = push("good", module.read_bytes())
        DIGESTS["index"] = push("index", assemble("logging"), index=True)
        DIGESTS["other-name"] = push("other-name", assemble("logging"), name="filter.wasm")
        for name in ("logging", "trapping", "missing_import"):
            DIGESTS[name.replace("_", "-")] = push(name.replace("_", "-"), assemble(name))
        deploy()
        expect_health()
        print("ok      nothing is found in a cluster where all is well", flush=True)
        for one in CASES:
            if wanted and one[0] not in wanted:
                continue
            try:
                play(*one)
            except (Failed, subprocess.TimeoutExpired) as error:
                failed.append(one[0])
                print(f"FAILED  {one[0]}: {one[1]}\n        {error}", flush=True)
                restart_if_down()
                deploy()
        run(WASMUP, "undeploy", "doctor", "-n", SPACE)
    finally:
        kubectl("delete", "namespace", SPACE, "--ignore-not-found", "--timeout=180s", check=False)
    if failed:
        sys.exit(f"{len(failed)} of {len(CASES)} cases failed: {', '.join(failed)}")
    print(f"{len(wanted or CASES)} cases passed")


def restart_if_down():
    """After a failed case: the controller runs, and has its secret."""
    kubectl("-n", SYSTEM, "scale", "deployment/envoy-gateway", "--replicas=1")
    if kubectl("-n", SYSTEM, "get", "secret", "envoy-oidc-hmac", check=False).returncode != 0:
        restore_secret({"apiVersion": "v1", "kind": "Secret", "metadata": {}, "type": "Opaque",
                        "data": {"hmac-secret": base64.b64encode(os.urandom(32)).decode()}})
    restart_controller()


if __name__ == "__main__":
    main(sys.argv[1:])

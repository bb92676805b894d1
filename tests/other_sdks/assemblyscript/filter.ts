// SPDX-License-Identifier: MIT
// The filter of this folder with the AssemblyScript SDK.
export * from "@solo-io/proxy-runtime/proxy";
import {
  Context, FilterHeadersStatusValues, LogLevelValues, RootContext, log, registerRootContext, stream_context
} from "@solo-io/proxy-runtime";
import { set_tick_period_milliseconds } from "@solo-io/proxy-runtime/runtime";

class Root extends RootContext {
  onConfigure(size: u32): bool {
    // The SDK's own takes the configuration's bytes, and takes none for an error.
    if (size != 0 && !super.onConfigure(size)) return false;
    log(LogLevelValues.info, "configured: " + this.getConfiguration());
    set_tick_period_milliseconds(1000);
    return true;
  }

  onTick(): void {
    log(LogLevelValues.info, "tick: " + this.getConfiguration());
  }

  createContext(id: u32): Context {
    return new Stream(id, this);
  }
}

class Stream extends Context {
  name: string = "";

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    this.name = stream_context.headers.request.get("x-name");
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.replace("x-wasm-custom", "FOO");
    stream_context.headers.response.replace("x-name", this.name);
    stream_context.headers.response.replace("x-configuration", this.root_context.getConfiguration());
    log(LogLevelValues.info, "answered: " + this.name);
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((id: u32) => new Root(id), "other_sdks");

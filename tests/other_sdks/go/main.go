// SPDX-License-Identifier: MIT

// The filter of this folder with the Go SDK.
package main

import (
	"os"

	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm"
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm/types"
)

func main() {}

func init() {
	proxywasm.SetPluginContext(func(uint32) types.PluginContext { return &root{} })
}

type root struct {
	types.DefaultPluginContext
	configuration string
}

func (r *root) OnPluginStart(size int) types.OnPluginStartStatus {
	if size != 0 {
		configuration, err := proxywasm.GetPluginConfiguration()
		if err != nil {
			return types.OnPluginStartStatusFailed
		}
		r.configuration = string(configuration)
	}
	proxywasm.LogInfo("configured: " + r.configuration)
	os.Stdout.WriteString("greeting: " + os.Getenv("GREETING") + "\n")
	if proxywasm.SetTickPeriodMilliSeconds(1000) != nil {
		return types.OnPluginStartStatusFailed
	}
	return types.OnPluginStartStatusOK
}

func (r *root) OnTick() {
	proxywasm.LogInfo("tick: " + r.configuration)
}

func (r *root) NewHttpContext(uint32) types.HttpContext { return &stream{root: r} }

type stream struct {
	types.DefaultHttpContext
	root *root
	name string
}

func (s *stream) OnHttpRequestHeaders(int, bool) types.Action {
	// A header that is missing is an error here.
	if name, err := proxywasm.GetHttpRequestHeader("x-name"); err == nil {
		s.name = name
	}
	return types.ActionContinue
}

func (s *stream) OnHttpResponseHeaders(int, bool) types.Action {
	proxywasm.ReplaceHttpResponseHeader("x-wasm-custom", "FOO")
	proxywasm.ReplaceHttpResponseHeader("x-name", s.name)
	proxywasm.ReplaceHttpResponseHeader("x-configuration", s.root.configuration)
	proxywasm.LogInfo("answered: " + s.name)
	return types.ActionContinue
}

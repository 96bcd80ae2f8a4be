package io.ringcast.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Confined to the test thread. */
final class RingcastCommandTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String... arguments)
    {
        final CommandLine commandLine = RingcastCommand.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "serve|--upstream=: missing; allowed: ws://",
        "serve --upstream gopher://n|--upstream=gopher://n: scheme gopher is not supported; allowed: ws://",
        "serve --upstream a=ws://n --upstream a=ws://m|--upstream=a: name given twice; allowed: each name once",
        "serve --upstream ws://n --listen nowhere|--listen=nowhere: no port; allowed: HOST:PORT",
        "serve --upstream ws://n --admin 9546|--admin=9546: no port; allowed: HOST:PORT",
        "serve --upstream ws://n --ipc /|--ipc=/: not a path of a socket; allowed: a path of at most",
        "serve --upstream ws://n --http-origin app|--http-origin=app: not an origin; allowed: a scheme and a host",
        "serve --upstream ws://n --threading fast|--threading=fast: unknown value; allowed: auto, compact",
        "serve --upstream ws://n --transport epol|--transport=epol: unknown value, did you mean epoll?; allowed: auto",
        "serve --upstream ws://n --logs al|--logs=al: unknown value; allowed: match, pass",
        "serve --upstream ws://n --path x|--path=x: not a path; allowed: '/'",
        "serve --upstream ws://n --network a/b|--network=a/b: not a name; allowed: 1 to 64",
        "serve --upstream ws://n --subscription-method x|--subscription-method=x: no namespace",
        "serve --upstream ws://n --ring-slots 100|--ring-slots=100: not a power of two; allowed: a power of two",
        "serve --upstream ws://n --io-threads x|--io-threads=x: not a whole number; allowed: a whole number from 0",
        "serve --upstream ws://n --connections 0|--connections=0: too small; allowed: a whole number from 1",
        "serve --upstream ws://n --call-timeout-ms -5|--call-timeout-ms=-5: too small",
        "serve --upstream ws://n --lisen a:1|--lisen=: unknown flag, did you mean --listen?; allowed: see ringcast",
        "serve --upstream|--upstream",
        "serve --config none.yaml|config=none.yaml: no such file; allowed: a readable YAML file",
        "node --listen 1|--listen=1: no port; allowed: HOST:PORT",
        "node --heads-per-second fast|--heads-per-second=fast: not a number; allowed: a number from 0",
        "node --heads-per-second -1|--heads-per-second=-1: out of range; allowed: a number from 0",
        "node --reorg-depth 0|--reorg-depth=0: out of range; allowed: 1 to 100",
        "demo --subscribers many|--subscribers=many: not a whole number",
        "demo --subscribers 100000|--subscribers=100000: too large; allowed: 0 to 9000",
        "demo --feeds 0|--feeds=0: out of range; allowed: 1 to 8",
        "demo --feeds 9|--feeds=9: out of range; allowed: 1 to 8",
        "demo --cut-best-every 10|--cut-best-every=10: only one feed; allowed: with --feeds 2 or more",
        "serv|command=serv: unknown command, did you mean serve?",
        "serve --upstream ws://n --options {\"stamp\":true}|unknown relay option stamp; allowed: stamps",
        "foo|command=foo: unknown command; allowed: see ringcast --help",
        "serve --upstream foo|--upstream=foo: no scheme; allowed: ",
        "serve --upstream foo/v2/key|--upstream=foo/...: no scheme; allowed: ",
        "bench micro --form long|--form=long: unknown value; allowed: short, full",
        "bench micro --include (|--include=(: Unclosed group; allowed: a regular expression",
        "bench micro --include Nothing|--include=Nothing: no such benchmark; allowed: a part of a class name",
        "load|--url=: give either --url or --self; allowed: ws://HOST:PORT",
        "load --self --url ws://a|--url=ws://a: give either --url or --self",
        "load --url http://a|--url=http://a: not a WebSocket URL; allowed: ws://HOST:PORT",
        "load --self --upstream-listen a:1|--upstream-listen=a:1: not with --self; allowed: with --url",
        "load --self --kind heads|--kind=heads: unknown kind; allowed: newHeads, logs, newPendingTransactions",
        "load --self --distinct 3|--kind=newHeads: has no filters; allowed: logs",
        "load --self --subscribers 0|--subscribers=0: out of range; allowed: 1 to 25000",
        "load --self --rate 0|--rate=0.0: too small; allowed: a number above 0",
        "bench|command: missing; allowed: micro, fanout",
        "bench failover --losses 10001|--losses=10001: out of range; allowed: 1 to 10000",
        "bench fanout --rounds 101|--rounds=101: out of range; allowed: 1 to 100",
        "bench fanout --only windows|--only=windows: unknown scenario; allowed: window-1, burst-32",
        "''|command: missing; allowed: serve, demo, node"})
    void shouldRefuseInOneLineWhenSomethingIsWrong(final String arguments, final String text)
    {
        final int exitCode = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertEquals(2, exitCode, err.toString());
        assertTrue(err.toString().startsWith("ringcast: "), err.toString());
        assertTrue(err.toString().contains(text), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().split("; allowed: ").length <= 2, err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldNameThePathWhenTheFileIsWrong(@TempDir final Path directory) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("relay.yaml"), "networks: [{upstreams: [{uri: x}]}]");

        assertEquals(2, run("serve", "--config", file.toString()));
        assertTrue(err.toString().startsWith("ringcast: networks[0].upstreams[0].uri=x: unknown key, did you mean"));
    }

    @Test
    void shouldRefuseNetworkFlagWhenTheFileHasSeveralNetworks(@TempDir final Path directory) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("relay.yaml"),
            "networks: [{upstreams: ['ws://a']}, {name: b, path: /b, upstreams: ['ws://b']}]");

        assertEquals(2, run("serve", "--config", file.toString(), "--path", "/x"));
        assertTrue(err.toString().contains("--path=/x: the file has 2 networks"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "--help", "serve --help", "demo --help", "node --help", "load --help", "bench fanout --help", "--version"})
    void shouldPrintHelpWhenAsked(final String arguments)
    {
        assertEquals(0, run(arguments.split(" ")));
        assertTrue(out.toString().contains("ringcast"));
        assertEquals("", err.toString());
    }
}

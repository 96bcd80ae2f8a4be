package io.ringcast.tools.demo;

import com.dslplatform.json.DslJson;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A headless browser, told what to do over its DevTools socket.
 * Confined to the test thread.
 */
final class Chromium implements AutoCloseable
{
    private static final List<String> PROGRAMS = List.of(
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable");
    private static final String LISTENING = "DevTools listening on ";
    private static final long LIMIT_SECONDS = 60;
    private static final String TIMED_OUT = "timed out";

    /** One window, which shows one page. */
    final class Window
    {
        private final String session;

        private Window(final String session)
        {
            this.session = session;
        }

        /** Runs an expression and gives its value. */
        Object run(final String expression)
        {
            final Map<?, ?> answer = call(session, "Runtime.evaluate", Map.of(
                "expression", expression, "awaitPromise", true, "returnByValue", true));
            if (answer.get("exceptionDetails") != null)
            {
                throw new AssertionError(expression + ": " + answer);
            }
            return ((Map<?, ?>)answer.get("result")).get("value");
        }

        /** Waits until an expression is true, which the page itself looks at. */
        void await(final String expression)
        {
            final Object result = run("new Promise(done => { const end = Date.now() + " + LIMIT_SECONDS * 500 +
                "; const look = () => { let is = false; try { is = (" + expression + "); } catch (e) { } " +
                "is ? done('') : Date.now() > end ? done('" + TIMED_OUT + "') : setTimeout(look, 20); }; look(); })");
            if (TIMED_OUT.equals(result))
            {
                throw new AssertionError("waited in vain for " + expression + "; the page shows: " +
                    run("document.body.innerText"));
            }
        }

        void picture(final Path file) throws IOException
        {
            final Map<?, ?> answer = call(session, "Page.captureScreenshot", Map.of("format", "png"));
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode((String)answer.get("data")));
        }
    }

    private final DslJson<Object> json = new DslJson<>();
    private final Map<Long, CompletableFuture<Map<?, ?>>> calls = new ConcurrentHashMap<>();
    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private long lastId;

    private Chromium(final String program, final List<String> flags) throws IOException
    {
        profile = Files.createTempDirectory("ringcast-chromium");
        final List<String> command = new ArrayList<>(List.of(
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--remote-debugging-port=0", "--user-data-dir=" + profile));
        command.addAll(flags);
        command.add("about:blank");
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final URI url = URI.create(listening(process.inputReader()));
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(url, new Listener()).join();
    }

    /** Starts it; where there is no browser the calling test is skipped with a banner, or fails as the clients' do. */
    static Chromium start(final String... flags) throws IOException
    {
        final String program = PROGRAMS.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst()
            .orElse(null);
        if (program == null)
        {
            final String missing = "there is no chromium (Debian package chromium) at " + PROGRAMS;
            final String line = "*".repeat(100);
            System.out.printf("%n%s%n*** BROWSER TESTS NOT RUN: %s%n%s%n%n", line, missing, line);
            if ("true".equals(System.getenv("RINGCAST_REQUIRE_CLIENTS")))
            {
                throw new AssertionError("RINGCAST_REQUIRE_CLIENTS=true, but " + missing);
            }
            Assumptions.abort(missing);
        }
        return new Chromium(program, List.of(flags));
    }

    Window open(final URI url)
    {
        final String target = (String)call(null, "Target.createTarget", Map.of(
            "url", "about:blank", "newWindow", true, "width", 560, "height", 720)).get("targetId");
        final Window window = new Window((String)call(null, "Target.attachToTarget", Map.of(
            "targetId", target, "flatten", true)).get("sessionId"));
        call(window.session, "Page.navigate", Map.of("url", url.toString()));
        window.await("document.readyState === 'complete' && location.href.startsWith('" + url + "')");
        return window;
    }

    @Override
    public void close() throws IOException
    {
        socket.abort();
        final List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
        try (Stream<Path> files = Files.walk(profile))
        {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }

    private static String listening(final BufferedReader output) throws IOException
    {
        final StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine())
        {
            if (line.startsWith(LISTENING))
            {
                return line.substring(LISTENING.length());
            }
            said.append(line).append('\n');
        }
        throw new IOException("chromium ended: " + said);
    }

    private Map<?, ?> call(final String session, final String method, final Map<String, Object> params)
    {
        final Map<String, Object> message = new HashMap<>(Map.of("id", ++lastId, "method", method, "params", params));
        if (session != null)
        {
            message.put("sessionId", session);
        }
        final CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
        calls.put(lastId, answer);
        try
        {
            final ByteArrayOutputStream text = new ByteArrayOutputStream();
            json.serialize(message, text);
            socket.sendText(text.toString(StandardCharsets.UTF_8), true).join();
            final Map<?, ?> said = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (said.get("error") != null)
            {
                throw new AssertionError(method + ": " + said.get("error"));
            }
            return (Map<?, ?>)said.get("result");
        }
        catch (final Exception e)
        {
            throw new AssertionError(method + " " + params, e);
        }
    }

    /** Joins the parts of a message and completes its call; events of the browser are of no interest. */
    private final class Listener implements WebSocket.Listener
    {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket source, final CharSequence part, final boolean isLast)
        {
            text.append(part);
            if (isLast)
            {
                final byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                text.setLength(0);
                try
                {
                    final Map<?, ?> message = json.deserialize(Map.class, bytes, bytes.length);
                    if (message.get("id") instanceof Number id)
                    {
                        calls.remove(id.longValue()).complete(message);
                    }
                }
                catch (final IOException e)
                {
                    throw new AssertionError(e);
                }
            }
            source.request(1);
            return null;
        }
    }
}

package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.TlsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** curl with each version of HTTP, with and without TLS. Confined to the test thread. */
class CurlIT
{
    private static final Path PROGRAM = Path.of("/usr/bin/curl");
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":\"c\",\"method\":\"echo\",\"params\":[1]}";

    @TempDir
    private Path directory;
    private TestBed bed;

    @BeforeEach
    void requireCurl()
    {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "this machine has no curl");
    }

    @AfterEach
    void stop()
    {
        if (bed != null)
        {
            bed.close();
        }
    }

    @Test
    void shouldServeEachVersionInTheClear() throws Exception
    {
        bed = TestBed.start(Mode.USUAL);
        assertServed("1.1", "http", "--http1.1");
        assertServed("2", "http", "--http2-prior-knowledge");
        // Asks to change to HTTP/2, which the relay passes over.
        assertServed("1.1", "http", "--http2");
    }

    @Test
    void shouldServeEachVersionOverTls() throws Exception
    {
        final TestCertificates certificates = TestCertificates.get();
        final Path chain =
            Files.writeString(directory.resolve("chain.pem"), certificates.chainPem(TestCertificates.LOCAL));
        final Path key = Files.writeString(directory.resolve("key.pem"), certificates.keyPem(TestCertificates.LOCAL));
        bed = TestBed.start(Mode.USUAL, config -> config.doors(
            config.doors().toBuilder().tls(TlsConfig.builder().certificate(chain).key(key).build()).build()));
        assertServed("2", "https", "--http2", "--cacert", certificates.trustFile().toString());
        assertServed("1.1", "https", "--http1.1", "--cacert", certificates.trustFile().toString());
    }

    private void assertServed(final String version, final String scheme, final String... flags) throws Exception
    {
        final String url = scheme + "://127.0.0.1:" + bed.address().getPort();
        final List<String> post = new ArrayList<>(Arrays.asList(flags));
        post.addAll(List.of("-s", "--max-time", "20", "-H", "content-type: application/json", "-d", CALL,
            "-w", " %{http_version} %{http_code}", url + "/"));
        try (BufferedReader answer = start(post).inputReader(StandardCharsets.UTF_8))
        {
            assertEquals("{\"jsonrpc\":\"2.0\",\"id\":\"c\",\"result\":[1]} " + version + " 200", answer.readLine());
        }

        final List<String> stream = new ArrayList<>(Arrays.asList(flags));
        stream.addAll(List.of("-sN", url + "/sse?sub=newHeads"));
        final Process curl = start(stream);
        try (BufferedReader lines = curl.inputReader(StandardCharsets.UTF_8))
        {
            assertEquals("retry: 1000", lines.readLine());
            String line = lines.readLine();
            while (!line.startsWith("id: "))
            {
                line = lines.readLine();
            }
            bed.upstream().publish("newHeads", "{\"number\":\"0x1\"}");
            while (!line.startsWith("data: {\"jsonrpc\":\"2.0\",\"method\""))
            {
                line = lines.readLine();
            }
            assertTrue(line.endsWith("\"result\":{\"number\":\"0x1\"}}}"), line);
        }
        finally
        {
            curl.destroy();
        }
    }

    private static Process start(final List<String> flags) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(flags);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}

package io.ringcast.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.config.AccessConfig;
import io.ringcast.config.KeyConfig;
import io.ringcast.config.RightsConfig;
import io.ringcast.config.SecretSource;
import io.ringcast.config.TlsChoice;
import io.ringcast.config.TlsConfig;
import io.ringcast.metrics.RelayCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is done from time to time goes on when it fails in a way that nobody foresaw.
 * Confined to the test thread.
 */
class UnforeseenFaultIT
{
    @RegisterExtension
    final LoggedLines log = new LoggedLines("io.ringcast");

    /** A file system that is closed throws what no signature tells of. */
    @Test
    void shouldLookAtFilesAndConnectAgainGivenAnExceptionThatNobodyDeclares(@TempDir final Path directory)
        throws IOException
    {
        final FileSystem files = FileSystems.newFileSystem(directory.resolve("files.zip"), Map.of("create", "true"));
        try (TestBed bed = start(files))
        {
            files.close();

            bed.awaitCount(RelayCounter.TLS_RELOADS_FAILED, 1);
            bed.awaitCount(RelayCounter.KEY_RELOADS_FAILED, 1);
            bed.awaitCount(RelayCounter.EGRESS_FAILURES, 6);
            bed.upstream().session().reset();
            bed.awaitCount(RelayCounter.UPSTREAM_CONNECT_FAILURES, 2);
        }
        finally
        {
            files.close();
        }
        final long faultsTold =
            log.all().stream().filter(line -> line.getThrowableProxy() != null).count();
        assertTrue(faultsTold >= 1 && faultsTold <= 3, faultsTold + " faults told, of at most three kinds");
    }

    private static TestBed start(final FileSystem files) throws IOException
    {
        final Path chain = Files.writeString(
            files.getPath("chain"), TestCertificates.get().chainPem(TestCertificates.LOCAL));
        final Path key = Files.writeString(files.getPath("key"), TestCertificates.get().keyPem(TestCertificates.LOCAL));
        final Path secret = Files.writeString(files.getPath("secret"), "0123456789abcdef");
        final Path token = Files.writeString(files.getPath("token"), "token");
        final FakeUpstream upstream = FakeUpstream.start();
        final TestBed bed = TestBed.start(Mode.USUAL, upstream, config ->
        {
            config.networks().get(0).clearUpstreams().upstream(upstream.config().withTokenFile(token));
            config
                .doors(config.doors().toBuilder().fileCheckMs(20)
                    .tls(TlsConfig.builder().certificate(chain).key(key).provider(TlsChoice.JDK).build()).build())
                .access(AccessConfig.builder().keys(List.of(
                    new KeyConfig("alice", SecretSource.file(secret), RightsConfig.defaults()))).build());
        });
        bed.awaitUpstream();
        return bed;
    }
}

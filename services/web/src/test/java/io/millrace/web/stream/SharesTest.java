package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.web.socket.RawClient;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Shares;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one client may take of what is there for all. */
class SharesTest {
    private final OpenGateway at = new OpenGateway();

    @AfterEach
    void close() throws Exception {
        at.close();
    }

    @Test
    void anAddressMayHaveSoManySocketsOnly() throws IOException {
        StreamGateway gateway = at.gateway(new Shares(2, 0));
        RawClient first = at.connect(gateway, "/");
        at.connect(gateway, "/");
        await().until(() -> gateway.sockets() == 2);
        RawClient third = at.connect(gateway, "/");
        assertThat(third.status()).startsWith("HTTP/1.1 429");
        assertThat(third.head).contains("Retry-After: 5");
        assertThat(at.events.turnedAway).containsExactly(429);
        first.close();
        await().until(() -> gateway.sockets() == 1);
        assertThat(at.connect(gateway, "/").status()).startsWith("HTTP/1.1 101");
    }

    @Test
    void ofIpv6ANetworkCountsAsOneAddress() throws IOException {
        assertThat(of("2001:db8:1:2:3::1")).isEqualTo(of("2001:db8:1:2:4::9")).isNotEqualTo(of("2001:db8:1:3::1"));
        assertThat(of("10.0.0.1")).isNotEqualTo(of("10.0.0.2")).isNotEqualTo(of("::10.0.0.1"));
    }

    private static long of(String address) throws IOException {
        return Addresses.of(new InetSocketAddress(InetAddress.getByName(address), 1));
    }

    @Test
    void aSocketThatSendsTooManyMessagesIsClosed() throws IOException {
        RawClient client = at.connect(at.gateway(new Shares(0, 1)), "/");
        int most = Limits.defaults().subscriptions();
        for (int i = 0; i < most; i++) {
            client.text("{}");
        }
        client.frame(0x89, new byte[0]);
        client.frame(0x89, new byte[0]);
        client.frame(0x89, new byte[0]);
        assertThat(client.last()).isEqualTo("close 1008 too many messages");
        assertThat(at.events.violations).hasValue(1);
    }

    @Test
    void aSocketMayJoinAllThatItMayHaveAtOnce() throws IOException {
        RawClient client = at.connect(at.gateway(new Shares(0, 1)), "/");
        int most = Limits.defaults().subscriptions();
        for (int i = 0; i < most; i++) {
            client.text(OpenGateway.join("s" + i, OpenGateway.TODOS, ""));
        }
        for (int i = 0; i < most; i++) {
            assertThat(OpenGateway.said(client.nextText())).isEqualTo("sync []");
        }
    }
}

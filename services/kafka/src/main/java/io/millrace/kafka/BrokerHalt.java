package io.millrace.kafka;

import java.nio.file.Path;
import org.apache.kafka.common.utils.Exit;

/**
 * A broker whose disk is full or broken ends its process at once: what it cannot write it must not acknowledge. Kafka says
 * so in its own words, far up in the log; this says it once more, last.
 */
final class BrokerHalt {
    private static final long MEBIBYTE = 1 << 20;

    private BrokerHalt() {}

    /** For the rest of this process. */
    static void explain(Path folder) {
        Exit.setHaltProcedure((status, message) -> {
            System.err.println(sentence(folder));
            System.err.flush();
            Runtime.getRuntime().halt(status == 0 ? 1 : status);
        });
    }

    static String sentence(Path folder) {
        long freeMebibytes = folder.toFile().getUsableSpace() / MEBIBYTE;
        return "millrace: the broker inside can no longer write to " + folder + " (" + freeMebibytes
                + " MiB free on its disk), so it ends here: make room or mend the disk, then start again; nothing"
                + " acknowledged is lost.";
    }
}

package planted.names.utils;

/** A planted breach. */
final class TopicUtils {
    private TopicUtils() {}
}

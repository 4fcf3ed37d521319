// The stretch of the song that rolls and ruler show, moved on together.
pragma Singleton
import QtQuick

Item {
    id: timeline
    property real beats: 9          // that are seen
    readonly property real past: 2  // of them, left of the line
    property real position: 0
    property bool seen: true
    signal ticked

    Timer {
        interval: softwareDrawn ? 50 : 33
        repeat: true
        running: timeline.seen
        triggeredOnStart: true
        onTriggered: {
            transport.look();
            timeline.position = transport.position();
            timeline.ticked();
        }
    }
}

// A level: up at once, down slowly, at the rate of the screen from what is told some 25 times a second.
import QtQuick

Rectangle {
    id: meter
    property string stem
    property color tint: Theme.good
    property real level: 0
    property real peak: 0

    implicitWidth: 10
    color: Theme.ground
    radius: 3

    Connections {
        target: meters.of(meter.stem)
        function onLevel(share) {
            meter.level = Math.max(meter.level, share);
            meter.peak = Math.max(meter.peak, share);
        }
    }
    function fall(seconds) {
        level *= Math.exp(-seconds / 0.35);
        peak = Math.max(level, peak - seconds * 0.12);
    }
    FrameAnimation {
        running: !softwareDrawn && (meter.level > 0.001 || meter.peak > 0.001)
        onTriggered: meter.fall(frameTime)
    }
    Connections { // where no card draws, everything moves in the same frames
        target: Timeline
        enabled: softwareDrawn
        function onTicked() { if (meter.peak > 0.001) meter.fall(0.05); }
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: 1 }
        height: (parent.height - 2) * meter.level
        radius: 2
        color: meter.level > 0.97 ? Theme.danger : meter.tint
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; margins: 1 }
        y: (parent.height - 3) * (1 - meter.peak)
        height: 2
        visible: meter.peak > 0.01
        color: Theme.text
    }
}

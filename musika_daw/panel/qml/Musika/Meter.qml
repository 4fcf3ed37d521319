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
        target: meters
        function onLevel(stem, share) {
            if (stem !== meter.stem)
                return;
            meter.level = Math.max(meter.level, share);
            meter.peak = Math.max(meter.peak, share);
        }
    }
    FrameAnimation {
        running: meter.level > 0.001 || meter.peak > 0.001
        onTriggered: {
            meter.level *= Math.exp(-frameTime / 0.35);
            meter.peak = Math.max(meter.level, meter.peak - frameTime * 0.12);
        }
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

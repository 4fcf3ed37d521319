// Above the rolls: bars, the level of the mix as it was, and the moves that were or will be heard.
import QtQuick

Rectangle {
    id: ruler
    readonly property real perBeat: width / Timeline.beats
    readonly property int beat: Math.floor(Timeline.position)
    color: Theme.ground
    radius: 4
    clip: true
    Canvas {
        id: wave
        width: Timeline.past * ruler.perBeat
        height: parent.height
        onPaint: {
            const g = getContext("2d");
            g.reset();
            const perPeak = transport.beats_per_level() * ruler.perBeat, peaks = meters.history("mix", Math.ceil(width / perPeak) + 2);
            g.fillStyle = Theme.accent;
            g.globalAlpha = 0.75;
            for (let i = 1; i <= peaks.length && width - i * perPeak > -perPeak; i++) {
                const level = peaks[peaks.length - i];
                g.fillRect(width - i * perPeak, (1 - level) * height / 2, Math.max(perPeak - 0.7, 1), Math.max(level * height, 1));
            }
        }
    }
    Timer {
        interval: 100
        running: ruler.visible && transport.plays
        repeat: true
        onTriggered: wave.requestPaint()
    }
    Item {
        x: (Timeline.past - Timeline.position) * ruler.perBeat
        height: parent.height
        Repeater {
            model: Math.ceil(Timeline.beats / 4) + 1
            Item {
                required property int index
                readonly property int bar: Math.floor((ruler.beat - Timeline.past) / 4) + index
                x: bar * 4 * ruler.perBeat
                height: parent.height
                Rectangle { width: 1; height: parent.height; color: Theme.line }
                Text { x: 5; anchors.verticalCenter: parent.verticalCenter; visible: bar >= 0; text: bar + 1; color: Theme.dim; font.pixelSize: Theme.small }
            }
        }
        Repeater {
            model: splices.marks
            Rectangle {
                required property var modelData
                x: modelData.beat * ruler.perBeat
                anchors.verticalCenter: parent.verticalCenter
                width: words.implicitWidth + 12
                height: 18
                radius: 3
                color: modelData.landed ? Theme.warning : "transparent"
                border.color: Theme.warning
                Text { id: words; anchors.centerIn: parent; text: modelData.stem ? modelData.stem + " " + modelData.label : modelData.label; color: modelData.landed ? Theme.ground : Theme.warning; font.pixelSize: 11 }
            }
        }
    }
    Rectangle { x: Timeline.past * ruler.perBeat - 1; width: 2; height: parent.height; color: Theme.text; opacity: 0.8 }
}
